/* Touches that were answered with a signal, as events among the faults: who it was and why.
 *
 * What was at the place is looked up now, a moment later. Whether it was a guard page, and what
 * was wrong with the touch, was read while the thread stood (trace/fatal.h). */
#include <signal.h>

#include "base/clock.h"
#include "model/cause.h"
#include "live/live_state.h"

#define LOOK_BUDGET_NS CLOCK_MS

void live_take_fatal(struct live *live)
{
	if (live->tracer && live->options.faults && !live->options.reader.off[SOURCE_FAULTS])
		tracer_fatal_faults(live->tracer, &live->faults.fatal);
}

static const struct region_attr *attr_of(const struct region *region)
{
	return region ? &region->attr : NULL;
}

static const struct region *next_above(const struct space *space, uint64_t address)
{
	size_t i = space_find_index(space, address);
	return i < space->count ? space->regions[i] : NULL;
}

/* How the page is, where one can be: read anew. */
static uint32_t read_word(struct live *live, struct sink *sink, const struct space *space,
			  const struct fatal_fault *r)
{
	struct err failure = { 0 };
	uint64_t page = space_page(space, r->address), done;
	if (r->guard)
		return page_word(PAGE_GUARD, 0);
	if (!space_find(space, r->address))
		return page_word(PAGE_NONE, 0);
	if (!live->dead && !live->news.ended)
		schedule_ranges(&live->schedule, sink, &(struct page_range){ page, page + 1 }, 1,
				LOOK_BUDGET_NS, &done, &failure);
	return runs_at(space->pages, page).value;
}

/* How it was at the touch, as far as the stop told: a handler may have changed it since. */
static uint32_t word_before(const struct fatal_fault *r)
{
	if (r->guard)
		return page_word(PAGE_GUARD, 0);
	if (r->signal == SIGSEGV && r->code == SEGV_MAPERR)
		return page_word(PAGE_NONE, 0);
	return page_unknown(PAGE_WHY_NOT_READ);
}

static struct cause infer(const struct live *live, const struct space *space, const struct fatal_fault *r,
			  bool *inferred)
{
	const struct region *region = space_find(space, r->address);
	uint32_t code = 0;
	struct fatal_facts facts = {
		.region = attr_of(region),
		.above = region ? NULL : attr_of(next_above(space, r->address)),
		.address = r->address,
		.ip = r->ip,
		.signal = r->signal,
		.code = r->code,
		.guard = r->guard,
		.has_access =
		    live->faults.capture && faults_last_code(live->faults.capture, r->tid, r->address, &code),
	};
	facts.access = fault_code_access(code);
	*inferred = !facts.has_access;
	return cause_fatal(&facts);
}

static void tell(struct live *live, struct sink *sink, const struct process *process,
		 const struct fatal_fault *r)
{
	struct live_faults *f = &live->faults;
	const struct space *space = process->space;
	uint64_t ns = r->time_ns > live->schedule.began_ns ? r->time_ns - live->schedule.began_ns : 0;
	bool inferred;
	struct cause cause = infer(live, space, r, &inferred);
	struct event e = { .type = EVENT_FAULT, .pid = live->pid, .time_ns = ns - ns % FAULT_TIME_NS };
	e.fault = (struct event_fault){
		.address = r->address,
		.ip = r->ip,
		.tid = r->tid,
		.inferred = inferred,
		.access = cause.access,
		.cause = cause.cause,
		.was = word_before(r),
		.now = read_word(live, sink, space, r),
	};
	e.stack = fault_stacks_of(&f->stacks, space, &r->sample, r->ip);
	live->changed = true;
	live_names_want(live, sink, &e);
	sink_send(sink, &e);
}

void live_tell_fatal(struct live *live, struct sink *sink, const struct process *process, uint64_t until_ns)
{
	struct fatal_faults *fatal = &live->faults.fatal;
	struct event lost = { .type = EVENT_LOST, .lost = { fatal->lost, "faults" } };
	size_t n = 0;
	for (; n < fatal->count && fatal->list[n].time_ns < until_ns; n++)
		tell(live, sink, process, &fatal->list[n]);
	fatal_faults_drop(fatal, n);
	if (fatal->lost)
		live_send(live, sink, &lost);
	fatal->lost = 0;
}
