/* Which region it was follows from the model and from what was mapped since (live/remap.h). Whether it was a guard page,
 * and what the access was, was read while the thread was stopped (trace/fatal.h). The page is read now, a moment later: that
 * counts if its entry is still what it was at the stop. */
#include "live/fatal_reader.h"

#include <signal.h>

#include "base/clock.h"
#include "kern/pagemap.h"
#include "live/program.h"
#include "model/cause.h"

#define LOOK_BUDGET_NS CLOCK_MS

void fatal_reader_init(struct fatal_reader *f, struct watch *watch, struct schedule *schedule,
		       struct fault_pages *pages, struct fault_stacks *stacks, struct code_names *names)
{
	*f = (struct fatal_reader){
		.watch = watch, .schedule = schedule, .pages = pages, .stacks = stacks, .names = names
	};
}

void fatal_reader_fini(struct fatal_reader *f)
{
	fatal_faults_fini(&f->waiting);
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

/* The page word at the fault, as far as the stop showed it: a handler may have changed it since. */
static uint32_t word_before(const struct fatal_fault *r)
{
	if (r->guard)
		return page_word(PAGE_GUARD, 0);
	if (r->signal == SIGSEGV && r->code == SEGV_MAPERR)
		return page_word(PAGE_NONE, 0);
	return page_unknown(PAGE_WHY_NOT_READ);
}

/* The word of the page, which has not become another by this fault. `gone`: its region is there no more, or the process is
 * not. */
static uint32_t read_word(struct fatal_reader *f, struct sink *sink, const struct space *space,
			  const struct fatal_fault *r, bool gone)
{
	struct err failure = { 0 };
	uint64_t page = space_page(space, r->address), done;
	uint32_t before = word_before(r);
	if (page_state(before) != PAGE_UNKNOWN || gone || !space_find(space, r->address))
		return before;
	schedule_ranges(f->schedule, sink, &(struct page_range){ page, page + 1 }, 1, LOOK_BUDGET_NS, &done,
			&failure);
	return pagemap_entry_of(f->watch->pid, r->address) == r->entry ? runs_at(space->pages, page).value
								       : before;
}

/* `rights`: as of fault_pages_rights_at; they may be others by now. */
static struct cause infer(const struct faults *rings, const struct space *space, const struct fatal_fault *r,
			  int rights, bool *inferred)
{
	const struct region *region = space_find(space, r->address);
	struct region_attr attr = region ? region->attr : (struct region_attr){ 0 };
	uint32_t code = 0;
	if (rights >= 0)
		attr.perms = (uint8_t)rights;
	struct fatal_facts facts = {
		.region = region ? &attr : NULL,
		.above = region ? NULL : attr_of(next_above(space, r->address)),
		.address = r->address,
		.ip = r->ip,
		.signal = r->signal,
		.code = r->code,
		.guard = r->guard,
		.reported.known = rings && faults_last_code(rings, r->tid, r->address, &code),
	};
	facts.reported.access = fault_code_access(code);
	*inferred = !facts.reported.known;
	return cause_fatal(&facts);
}

static void send(struct fatal_reader *f, struct sink *sink, const struct process *process,
		 const struct fatal_fault *r, const struct faults *rings, bool ended)
{
	const struct space *space = process->space;
	uint64_t ns = watch_time(f->watch, r->time_ns);
	bool inferred, gone = fault_pages_show_at(f->pages, sink, space, r->address, r->time_ns) || ended;
	int rights = fault_pages_rights_at(f->pages, r->address, r->time_ns);
	struct cause cause = infer(rings, space, r, rights, &inferred);
	struct event e = { .type = EVENT_FAULT, .pid = f->watch->pid, .time_ns = ns - ns % FAULT_TIME_NS };
	e.fault = (struct event_fault){
		.address = r->address,
		.ip = r->ip,
		.tid = r->tid,
		.inferred = inferred,
		.access = cause.access,
		.cause = cause.cause,
		.was = word_before(r),
		.now = read_word(f, sink, space, r, gone),
	};
	e.stack = fault_stacks_of(f->stacks, space, r->tid, &r->sample, r->ip);
	f->watch->changed = true;
	code_names_want(f->names, sink, &e);
	sink_send(sink, &e);
}

void fatal_reader_send(struct fatal_reader *f, struct sink *sink, const struct process *process,
		       uint64_t until_ns, const struct faults *rings, bool ended)
{
	struct fatal_faults *waiting = &f->waiting;
	struct event lost = { .type = EVENT_LOST, .lost = { waiting->lost, LOST_FAULTS } };
	size_t n = 0;
	for (; n < waiting->count && waiting->list[n].time_ns < until_ns; n++)
		send(f, sink, process, &waiting->list[n], rings, ended);
	fatal_faults_drop(waiting, n);
	if (waiting->lost)
		watch_send(f->watch, sink, &lost);
	waiting->lost = 0;
}

void fatal_reader_take(struct fatal_reader *f, const struct live_program *program)
{
	live_program_take_fatal(program, &f->waiting);
}

bool fatal_reader_waits(const struct fatal_reader *f)
{
	return f->waiting.count;
}
