/* Faults as they are sent:
 *
 *     take the faults from the rings                          who, when, where
 *     read maps anew, when one lies in no known region; where that is dear, they wait for it
 *     look up each page in the model                          was
 *     read these pages, which brings the model up to date     now, and what came with them
 *     send them, in order of time, each with its stack; where that takes long, what comes
 *     meanwhile is taken from the rings and sent next
 *
 * The rings know of a fault at once, a scan at any time: where a scan has seen the page
 * before its fault was taken from the ring, the model says already how it is after it. So
 * what scans change is kept until the faults of that time have been taken.
 *
 * live/touches.h finds out about pages, live/fault_stacks.h about stacks, live/remap.h about
 * regions that are not there any more.
 */
#include "live/fault_reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "model/cause.h"

#define SCAN_BUDGET_NS (50 * CLOCK_MS)
#define STACK_BYTES 2048        /* sampled of each stack, to begin with */
#define SEND_AT_ONCE 64         /* faults, before the clock is looked at */
#define DRAIN_NS (4 * CLOCK_MS) /* the longest that rings are left alone */
#define WAITING_MAX 1024        /* so many taken from the rings are not kept waiting, */
#define WAITING_MAX_MAPS 16384  /* or so many where regions are dear to read */

static void listen(struct sink *sink, const struct event *e)
{
	struct fault_reader *f = (struct fault_reader *)sink;
	const struct process *process = world_find(f->parts.watch->world, e->pid);
	fault_stacks_note(&f->stacks, e);
	decoded_note(&f->decoded, e);
	stack_growth_note(&f->growth, e);
	userfaults_note(&f->userfaults, e);
	kinship_note(&f->kinship, e, process);
	if (process && (e->type == EVENT_UNMAP || e->type == EVENT_CHANGE))
		remap_note(&f->remap, e, process->space, clock_now_ns());
	/* the first picture shows what was there: no fault of later is the one that brought it */
	bool changes = e->type == EVENT_PAGES && process && process->course.ticks;
	for (size_t i = 0; changes && i < e->pages.n; i++) {
		const struct run *tile = &e->pages.tiles[i];
		struct runs_iter iter = runs_iter(process->space->pages, tile->first, tile->end);
		for (struct run was; runs_next(&iter, &was);)
			if (was.value != tile->value && page_state(was.value) != PAGE_NONE)
				seen_add(&f->seen, &(struct seen_change){ was.first, was.end, was.value,
									  tile->value, e->time_ns });
	}
	sink_before(f->to, e);
}

static void pass_on(struct sink *sink, const struct event *e)
{
	struct fault_reader *f = (struct fault_reader *)sink;
	sink_take(f->to, e);
	kinship_noted(&f->kinship, e, world_find(f->parts.watch->world, e->pid));
}

/* Where it stands or has ended nothing more comes. */
static bool drain_to(void *context, struct sink *sink, uint64_t time_ns)
{
	struct fault_reader *f = context;
	if (f->capture.drained_ns <= time_ns && !f->ended)
		fault_capture_drain(&f->capture, sink, &f->ahead, f->stands ? UINT64_MAX : clock_now_ns(),
				    &f->parts.counters->balance);
	return f->capture.drained_ns > time_ns || f->ended || f->stands;
}

static int has_own(void *context, uint64_t page)
{
	return reader_has_own(((struct fault_reader *)context)->parts.reader, page);
}

static size_t alone(void *context, uint64_t first, size_t n, bool *out)
{
	return reader_alone(((struct fault_reader *)context)->parts.reader, first, n, out);
}

void fault_reader_init(struct fault_reader *f, const struct fault_parts *parts,
		       const struct fault_options *options)
{
	*f = (struct fault_reader){ .sink = { .before = listen, .take = pass_on },
				    .parts = *parts,
				    .options = *options };
	f->kinship.capture = &f->capture;
	f->kinship.drain_to = drain_to;
	f->kinship.has_own = has_own;
	f->kinship.alone = alone;
	f->kinship.context = f;
	decoded_init(&f->decoded, parts->names);
	fatal_reader_init(&f->fatal, parts->watch, parts->schedule, &f->stacks, parts->names);
	struct faults_options rings = { .codes = !options->off[SOURCE_ACCESS],
					.held = options->held,
					.small = options->small };
	if (!options->on)
		return;
	if (options->off[SOURCE_FAULTS]) {
		err_set(&f->capture.why, ERR_DENIED, "%s", _("switched off"));
	} else if (options->files) {
		err_set(&f->capture.why, ERR_UNSUPPORTED, "%s", _("there are none in files"));
	} else {
		if (options->stacks && !options->off[SOURCE_STACKS] &&
		    fault_stacks_init(&f->stacks, parts->reader))
			rings.stack_bytes = STACK_BYTES;
		rings.stack_every = options->sample;
		fault_capture_open(&f->capture, parts->watch, &rings);
	}
	parts->counters->balance.on = f->capture.rings != NULL;
	f->kinship.whole = parts->program->launched ||
			   (f->capture.rings && !options->small && reader_no_relatives(parts->reader));
}

void fault_reader_fini(struct fault_reader *f)
{
	kinship_leave(&f->kinship);
	fault_capture_close(&f->capture);
	fault_batch_fini(&f->batch);
	fault_batch_fini(&f->ahead);
	fatal_reader_fini(&f->fatal);
	remap_fini(&f->remap);
	touches_fini(&f->touches);
	seen_fini(&f->seen);
	userfaults_fini(&f->userfaults);
	fault_stacks_fini(&f->stacks);
	decoded_fini(&f->decoded);
	free(f->execs);
}

bool fault_reader_is_on(const struct fault_reader *f)
{
	return f->capture.rings;
}

const struct err *fault_reader_why(const struct fault_reader *f)
{
	return &f->capture.why;
}

int fault_reader_fd(const struct fault_reader *f)
{
	return f->capture.rings ? faults_fd(f->capture.rings) : -1;
}

bool fault_reader_is_full(const struct fault_reader *f)
{
	return f->ahead.count >= WAITING_MAX && !f->waits;
}

struct sink *fault_reader_sink(struct fault_reader *f, struct sink *sink)
{
	if (!f->capture.rings || sink == &f->sink)
		return sink;
	f->to = sink;
	return &f->sink;
}

/* Is the memory that the model knows still the process's? */
static bool can_be_read(const struct fault_parts *p)
{
	struct process_stat now;
	const struct counters *c = p->counters;
	if (reader_stat(p->reader, &now, NULL) != 0)
		return false;
	return !c->known || !now.start_stack || now.start_stack == c->stat.start_stack;
}

/* Reads the pages that were touched, with what can have come with them, and returns the page
 * that it came to. */
static uint64_t read_pages(struct fault_reader *f, struct sink *sink, const struct space *space)
{
	struct touches *t = &f->touches;
	struct err failure = { 0 };
	uint64_t done = 0, huge_done;
	touches_plan(t);
	if (schedule_ranges(f->parts.schedule, sink, t->ranges, t->range_count, SCAN_BUDGET_NS, &done,
			    &failure) < 0)
		schedule_want_maps(f->parts.schedule);
	else if (touches_plan_huge(t, space) &&
		 schedule_ranges(f->parts.schedule, sink, t->ranges, t->range_count, SCAN_BUDGET_NS,
				 &huge_done, &failure) < 0)
		schedule_want_maps(f->parts.schedule);
	return done;
}

/* Has the page had no fault since the process forked, or was forked itself? Then parent and
 * child had it in common until now. */
static bool was_forked(const struct fault_reader *f, const struct process *process,
		       const struct fault_record *r, const struct story *story)
{
	if (!r->forked_ns)
		return process->parent && !process->course.execs && !story;
	return !story || story->time_ns < watch_time(f->parts.watch, r->forked_ns);
}

/* Takes from the rings what came until now. Where the process stands nothing more comes: however the
 * clocks of processors differ, all is from before. */
static uint64_t drain_until(const struct fault_reader *f)
{
	return f->stands ? UINT64_MAX : clock_now_ns();
}

static void drain(struct fault_reader *f, struct sink *sink, struct fault_batch *batch)
{
	fault_capture_drain(&f->capture, sink, batch, drain_until(f), &f->parts.counters->balance);
}

static enum cause_others others_of(enum kin_held held, bool own)
{
	switch (held) {
	case KIN_HELD:
		return CAUSE_OTHERS_HOLD;
	case KIN_NOBODY:
		return CAUSE_OTHERS_GONE;
	case KIN_NOBODY_SEEN:
		return own ? CAUSE_OTHERS_GONE : CAUSE_OTHERS_UNKNOWN;
	case KIN_UNKNOWN:
		break;
	}
	return CAUSE_OTHERS_UNKNOWN;
}

/* Who else has the page of a process that forked, or was forked, since it last had a fault. */
static enum cause_others find_others(struct fault_reader *f, struct sink *sink, const struct process *process,
				     const struct fault_record *r, const struct story *story)
{
	uint64_t page = space_page(process->space, r->address);
	enum kin_held held = kinship_held(&f->kinship, sink, r->pid, page, r->time_ns);
	/* what was touched since the watch began was nobody else's then */
	return others_of(held, story != NULL);
}

static bool grew(struct fault_reader *f, const struct space *space, const struct region *region,
		 const struct fault_record *r, const struct touch *t)
{
	return region && region->attr.kind == REGION_STACK &&
	       stack_growth_by(&f->growth, space_address(space, t->page),
			       watch_time(f->parts.watch, r->time_ns));
}

static struct cause infer(struct fault_reader *f, struct sink *sink, const struct process *process,
			  const struct fault_record *r, const struct touch *t)
{
	const struct region *region = space_find(process->space, r->address);
	const struct story *story =
	    stories_find(&process->faults.stories, space_page(process->space, r->address));
	const struct region_attr *gone =
	    f->any_remap ? remap_of(&f->remap, (size_t)(r - f->batch.records)) : NULL;
	struct cause_facts facts = {
		.region = region ? &region->attr : NULL,
		.grown = grew(f, process->space, region, r, t),
		.major = r->major,
		.address = r->address,
		.ip = r->ip,
		.was = t->was,
		.now = t->now,
		.between = t->between,
		.last = story ? cause_left(&story->fault) : page_unknown(PAGE_WHY_NOT_READ),
		.forked = was_forked(f, process, r, story),
		.whole = process->identity.launched || process->parent || process->course.execs,
		.has_access = r->has_code,
		.access = fault_code_access(r->code),
		.decoded = r->has_code ? FAULT_ACCESS_UNKNOWN : decoded_access(&f->decoded, process, r->ip),
		.present = r->has_code && r->code & FAULT_CODE_PRESENT,
	};
	facts.userfault = userfaults_at(&f->userfaults, r->address, &facts.userfault_unsure);
	if (region && userfaults_unsure(&f->userfaults, region->born_ns))
		facts.userfault_unsure = true;
	if (facts.forked && (!r->has_code || (facts.present && facts.access == FAULT_WRITE)))
		facts.others = find_others(f, sink, process, r, story);
	if (gone && gone->inode &&
	    !(gone->perms & REGION_WRITE)) { /* nothing but its file's page can have come */
		facts.was = PAGE_RESERVED;
		facts.now = PAGE_FILE;
	}
	return cause_infer(&facts);
}

/* The process may stand by one of these faults: the last one of the thread that is named. */
static size_t find_standing(struct fault_reader *f)
{
	const struct fault_batch *batch = &f->batch;
	size_t i = batch->count;
	if (!f->stands || f->parts.program->news.why != STOP_FAULT)
		return SIZE_MAX;
	while (i && batch->records[i - 1].tid != f->parts.program->news.who)
		i--;
	return i ? i - 1 : SIZE_MAX;
}

/* Where a thread stands, its whole stack can be read: if it stands where the sample was taken. */
static struct event_stack whole_stack(struct fault_reader *f, struct event_stack sampled)
{
	struct stopped_stack *whole = &f->whole;
	tracer_stack(f->parts.program->tracer, f->parts.program->news.who, whole);
	if (whole->count < sampled.count ||
	    memcmp(whole->ips, sampled.ips, sampled.count * sizeof *whole->ips) != 0)
		return sampled;
	return (struct event_stack){ whole->ips, whole->count, whole->end, whole->deduced };
}

static void send(struct fault_reader *f, struct sink *sink, const struct process *process, size_t i)
{
	const struct fault_record *r = &f->batch.records[i];
	const struct touch *t = touches_of_record(&f->touches, i);
	struct cause cause = infer(f, sink, process, r, t);
	uint64_t time_ns = watch_time(f->parts.watch, r->time_ns);
	struct event e = { .type = EVENT_FAULT,
			   .pid = f->parts.watch->pid,
			   .time_ns = time_ns - time_ns % FAULT_TIME_NS };
	e.fault = (struct event_fault){
		.address = r->address,
		.ip = r->ip,
		.tid = r->tid,
		.major = r->major,
		.inferred = !r->has_code,
		.deduced = cause.deduced,
		.access = cause.access,
		.cause = cause.cause,
		.why = cause.why,
		.was = cause.was,
		.now = cause.now,
		.before = t->before,
		.after = t->after,
	};
	e.stack = fault_stacks_get(&f->stacks, process->space, &f->batch, r);
	if (i == f->standing && e.stack.end != STACK_WHOLE)
		e.stack = whole_stack(f, e.stack);
	f->parts.watch->changed = true;
	code_names_want(f->parts.names, sink, &e);
	sink_send(sink, &e);
}

/* Sending can take long (names, printing): meanwhile the rings go on filling. */
void fault_reader_drain(struct fault_reader *f, struct sink *sink)
{
	if (f->capture.rings && clock_now_ns() - f->capture.drained_ns >= DRAIN_NS)
		drain(f, sink, &f->ahead);
}

uint64_t fault_reader_forked_ns(struct fault_reader *f, struct sink *sink, int32_t child)
{
	if (!f->capture.rings)
		return 0;
	if (!f->ended)
		drain(f, sink, &f->ahead);
	return kin_born(faults_kin(f->capture.rings), child);
}

/* What readings changed before now: the faults of that time were sent, but for those that are late. */
static void age(struct fault_reader *f, size_t parts)
{
	uint64_t now = watch_now(f->parts.watch);
	if (f->seen.part_count)
		seen_age(&f->seen, parts, now > LATE_NS ? now - LATE_NS : 0);
}

/* Finds which faults of the batch lay in what is not there any more, or in what was mapped anew, and
 * notes in its touches what is known of these. False: none did. */
static bool find_remapped(struct fault_reader *f, const struct process *process)
{
	uint64_t began_ns = f->parts.watch->began_ns;
	if (!remap_find(&f->remap, &f->batch, process->space, f->parts.schedule->reading.maps_began_ns,
			began_ns))
		return false;
	remap_find_kinds(&f->remap, f->parts.reader, process->space);
	touches_apart(&f->touches, &f->batch, process, f->remap.old, f->remap.fresh_ns, began_ns);
	return true;
}

/* The model is to have what the record's fault lay in; SIZE_MAX: what is there now, and no more. */
static void show_remapped(struct fault_reader *f, struct sink *sink, const struct space *space, size_t record)
{
	if (!f->any_remap)
		return;
	struct event stamp = { .time_ns = watch_now(f->parts.watch), .pid = f->parts.watch->pid };
	remap_show(&f->remap, record, &f->batch, space, sink, &stamp);
}

static void send_fatal(struct fault_reader *f, struct sink *sink, const struct process *process,
		       uint64_t until_ns, const struct fault_turn *turn)
{
	if (f->fatal.waiting.count || f->fatal.waiting.lost)
		fatal_reader_send(&f->fatal, sink, process, until_ns, f->capture.rings, turn->ended);
}

/* Says whether faults of the batch may lie in regions that the model does not have. */
static bool find_places(struct fault_reader *f, const struct space *space)
{
	return touches_gather(&f->touches, &f->batch, space) ||
	       remap_mapped_since(&f->remap, f->parts.schedule->reading.maps_began_ns);
}

/* Where their regions are not known and may not be read so soon: told now, their pages would be unknown, and
 * a later fault would have no story to go by. */
static bool must_wait(struct fault_reader *f, const struct process *process, const struct fault_turn *turn)
{
	bool may = turn->readable && !turn->ended && !turn->last && !turn->stands &&
		   f->batch.count < WAITING_MAX_MAPS && !f->batch.task_count && !f->fatal.waiting.count;
	return may && schedule_regions_dear(f->parts.schedule) && find_places(f, process->space);
}

/* Finds out how the pages of the batch were and are. */
static void look_up(struct fault_reader *f, struct sink *sink, const struct process *process, bool readable)
{
	struct schedule *schedule = f->parts.schedule;
	const struct space *space = process->space;
	struct err failure = { 0 };
	bool outside = find_places(f, space) || f->fatal.waiting.count;
	if (readable && outside && schedule_regions(schedule, sink, &failure) < 0)
		readable = false;
	touches_before(&f->touches, &f->batch, process, &f->seen, f->known_ns, f->parts.watch->began_ns);
	uint64_t done = readable ? read_pages(f, sink, space) : 0;
	drain(f, sink, &f->ahead);
	remap_take(&f->remap, &f->ahead);
	touches_after(&f->touches, &f->batch, &f->ahead, space, done);
	if (readable)
		userfaults_look(&f->userfaults, f->parts.reader, watch_now(f->parts.watch),
				touches_newest_region(&f->touches, space),
				touches_read_to_own(&f->touches, &f->batch, space));
	f->any_remap = find_remapped(f, process);
	touches_neighbours(&f->touches, space, &f->seen);
}

static void send_batch(struct fault_reader *f, struct sink *sink, const struct process *process,
		       const struct fault_turn *turn)
{
	const struct counters *counters = f->parts.counters;
	size_t old = seen_fresh(&f->seen);
	look_up(f, sink, process, turn->readable && !turn->ended && can_be_read(&f->parts));
	f->standing = find_standing(f);
	f->stacks.top = counters->known ? counters->stat.start_stack : 0;
	fault_stacks_learn(&f->stacks, process->space, &f->batch);
	for (size_t i = 0; i < f->batch.count; i++) {
		send_fatal(f, sink, process, f->batch.records[i].time_ns, turn);
		show_remapped(f, sink, process->space, i);
		send(f, sink, process, i);
		if (i % SEND_AT_ONCE == SEND_AT_ONCE - 1)
			fault_reader_drain(f, sink);
	}
	show_remapped(f, sink, process->space, SIZE_MAX);
	send_fatal(f, sink, process, f->ahead.count ? f->ahead.records[0].time_ns : UINT64_MAX, turn);
	age(f, old);
}

static void keep_execs(struct fault_reader *f)
{
	for (size_t i = 0; i < f->batch.task_count; i++) {
		if (f->batch.tasks[i].kind != FAULT_TASK_EXEC)
			continue;
		mem_grow(f->execs, f->exec_cap, f->exec_count + 1);
		f->execs[f->exec_count++] = f->batch.tasks[i];
	}
}

size_t fault_reader_execs(struct fault_reader *f, const struct fault_task **execs)
{
	size_t count = f->exec_count;
	*execs = f->execs;
	f->exec_count = 0;
	return count;
}

static void swap_batches(struct fault_reader *f)
{
	struct fault_batch batch = f->batch;
	f->batch = f->ahead;
	f->ahead = batch;
}

static void take(struct fault_reader *f, struct sink *sink, const struct process *process,
		 const struct fault_turn *turn)
{
	swap_batches(f);
	fault_batch_clear(&f->ahead);
	uint64_t until = clock_now_ns(), maps_ns = f->parts.schedule->reading.maps_began_ns;
	drain(f, sink, &f->batch);
	remap_take(&f->remap, &f->batch);
	keep_execs(f);
	if (f->parts.program->tracer && f->options.on && !f->options.off[SOURCE_FAULTS])
		tracer_fatal_faults(f->parts.program->tracer, &f->fatal.waiting);
	f->waits = f->batch.count && must_wait(f, process, turn);
	if (f->waits) {
		swap_batches(f);
		return;
	}
	if (f->batch.count || f->fatal.waiting.count)
		send_batch(f, sink, process, turn);
	else
		age(f, seen_fresh(&f->seen));
	/* all of before have been sent; what of that was still there the model has */
	if (f->batch.count < FAULTS_MAX)
		remap_forget(&f->remap, maps_ns, until);
}

/* Other rings, where faults come faster or slower than those suit. */
static void adjust(struct fault_reader *f, struct sink *sink, const struct process *process,
		   const struct fault_turn *turn)
{
	struct fault_turn again = *turn;
	struct fault_capture *c = &f->capture;
	uint64_t lost;
	if (!fault_capture_measure(c, &lost))
		return;
	uint32_t bytes = fault_stacks_advise(&f->stacks, c->options.stack_bytes,
					     c->rate.per_second / c->stack_rate.every, lost);
	again.readable = true;
	if (fault_capture_is_outgrown(c, bytes, lost) &&
	    fault_capture_replace(c, bytes, sink, &f->ahead, f->stands ? UINT64_MAX : 0,
				  &f->parts.counters->balance))
		take(f, sink, process, &again);
}

void fault_reader_take(struct fault_reader *f, struct sink *sink, const struct fault_turn *turn)
{
	const struct process *process = watch_process(f->parts.watch);
	if (!process)
		return;
	f->stands = turn->stands;
	f->ended = turn->ended;
	do
		take(f, sink, process, turn);
	while (f->ahead.count && (!turn->readable || turn->ended || turn->last));
	adjust(f, sink, process, turn);
}
