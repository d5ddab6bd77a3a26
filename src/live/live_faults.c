/* Faults as events. The rings say who touched a page and when; the page map says how it is.
 *
 *     take the faults from the rings                          who, when, where
 *     read maps anew, when one lies in no known region
 *     look up each page in the model                          was
 *     read these pages, which brings the model up to date     now, and what came with them
 *     tell them, in order of time, each with its stack; where that takes long, what comes
 *     meanwhile is taken from the rings and told next
 *
 * The rings know of a fault at once, a scan at any time: where a scan has seen the page
 * before its fault was taken from the ring, the model says already how it is after it. So
 * what scans change is kept until the faults of that time have been taken.
 *
 * live/touches.h has what is said of pages, live/fault_stacks.h what is of stacks, live/remap.h
 * what is of regions that are gone.
 */
#include "live/live_state.h"

#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "model/cause.h"

#define SCAN_BUDGET_NS (50 * CLOCK_MS)
#define STACK_BYTES 1024        /* sampled of each stack, to begin with */
#define TELL_AT_ONCE 64         /* faults, before the clock is looked at */
#define DRAIN_NS (4 * CLOCK_MS) /* the longest that rings are left alone */
#define RATE_NS (20 * CLOCK_MS)
#define STACKS_MORE 5000   /* faults a second: below it more may be sampled of each stack */
#define SMALL_FAULTS 20000 /* faults a second: above it even a child gets rings of full size */
#define CODES_OFF 20000    /* faults a second: above it error codes are not told, */
#define CODES_ON 2000      /* and below it they are again, */
#define CODES_CALM 25      /* once it was so for this often in a row */

static void listen(struct sink *sink, const struct event *e)
{
	struct live_faults *f = (struct live_faults *)sink;
	const struct process *process = world_find(f->schedule->world, e->pid);
	fault_stacks_note(&f->stacks, e);
	stack_growth_note(&f->growth, e);
	if (process && (e->type == EVENT_UNMAP || e->type == EVENT_CHANGE))
		remap_note(&f->remap, e, process->space, clock_now_ns());
	for (size_t i = 0; e->type == EVENT_PAGES && process && i < e->pages.n; i++) {
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
	struct live_faults *f = (struct live_faults *)sink;
	sink_take(f->to, e);
}

static struct faults *open_capture(struct live *live, uint32_t stack_bytes, struct err *err)
{
	struct faults_options options = {
		.stack_bytes = stack_bytes,
		.codes = !live->options.reader.off[SOURCE_ACCESS],
		.small = live->faults.small,
	};
	return faults_open(live->pid, &options, err);
}

/* With stacks, where they are wanted and can be followed. */
static struct faults *open_stacks(struct live *live, struct err *err)
{
	struct live_faults *f = &live->faults;
	if (live->options.stacks && !live->options.reader.off[SOURCE_STACKS] &&
	    fault_stacks_init(&f->stacks, live->reader))
		f->stack_bytes = STACK_BYTES;
	return open_capture(live, f->stack_bytes, err);
}

void live_faults_open(struct live *live)
{
	struct live_faults *f = &live->faults;
	const char *root = live->options.reader.proc_root;
	struct err err = { 0 };
	f->sink = (struct sink){ .before = listen, .take = pass_on };
	f->schedule = &live->schedule;
	f->small = live->parent != 0;
	if (!live->options.faults)
		return;
	if (live->options.reader.off[SOURCE_FAULTS])
		err_set(&err, ERR_DENIED, "%s", _("switched off"));
	else if (root && strcmp(root, "/proc") != 0)
		err_set(&err, ERR_UNSUPPORTED, "%s", _("there are none in files"));
	else
		f->capture = open_stacks(live, &err);
	if (f->capture && faults_user_only(f->capture))
		err_set(&err, ERR_DENIED, "%s",
			_("in user mode only; those within system calls take root (sudo) or CAP_PERFMON"));
	live->schedule.told = f->capture != NULL;
	memcpy(f->why, err.text, sizeof f->why);
}

void live_faults_fini(struct live *live)
{
	struct live_faults *f = &live->faults;
	faults_close(f->capture);
	fault_batch_fini(&f->batch);
	fault_batch_fini(&f->ahead);
	fatal_faults_fini(&f->fatal);
	remap_fini(&f->remap);
	touches_fini(&f->touches);
	seen_fini(&f->seen);
	fault_stacks_fini(&f->stacks);
}

struct sink *live_faults_sink(struct live *live, struct sink *sink)
{
	if (!live->faults.capture || sink == &live->faults.sink)
		return sink;
	live->faults.to = sink;
	return &live->faults.sink;
}

/* Is the memory that the model knows still the process's? */
static bool can_be_read(struct live *live)
{
	struct process_stat now;
	const struct process_stat *was = &live->schedule.stat;
	if (live->dead || live->news.ended || reader_stat(live->reader, &now, NULL) != 0)
		return false;
	return !live->schedule.have_stat || !now.start_stack || now.start_stack == was->start_stack;
}

static uint64_t watch_time(const struct live *live, uint64_t clock_ns)
{
	return clock_ns > live->schedule.began_ns ? clock_ns - live->schedule.began_ns : 0;
}

/* Reads the pages that were touched, with what can have come with them, and returns the page
 * that it came to. */
static uint64_t read_pages(struct live *live, struct sink *sink, const struct space *space)
{
	struct live_faults *f = &live->faults;
	struct touches *t = &f->touches;
	struct err failure = { 0 };
	uint64_t done = 0, huge_done;
	touches_plan(t);
	if (schedule_ranges(&live->schedule, sink, t->ranges, t->range_count, SCAN_BUDGET_NS, &done,
			    &failure) < 0)
		live->schedule.maps_wanted = true;
	else if (touches_plan_huge(t, space) &&
		 schedule_ranges(&live->schedule, sink, t->ranges, t->range_count, SCAN_BUDGET_NS, &huge_done,
				 &failure) < 0)
		live->schedule.maps_wanted = true;
	return done;
}

/* Does nothing tell that the page was touched since the process forked? Then parent and child
 * had it in common until now. */
static bool was_forked(const struct live *live, const struct process *process, const struct fault_record *r)
{
	const struct story *story;
	if (!r->forked_ns)
		return false;
	story = stories_find(&process->stories, space_page(process->space, r->address));
	return !story || story->time_ns < watch_time(live, r->forked_ns);
}

static bool grew(struct live *live, const struct space *space, const struct region *region,
		 const struct fault_record *r, const struct touch *t)
{
	return region && region->attr.kind == REGION_STACK &&
	       stack_growth_by(&live->faults.growth, space_address(space, t->page),
			       watch_time(live, r->time_ns));
}

static struct cause infer(struct live *live, const struct process *process, const struct fault_record *r,
			  const struct touch *t)
{
	const struct region *region = space_find(process->space, r->address);
	const struct region_attr *gone =
	    live->faults.any_remap ? remap_of(&live->faults.remap, (size_t)(r - live->faults.batch.records))
				   : NULL;
	struct cause_facts facts = {
		.region = region ? &region->attr : NULL,
		.grown = grew(live, process->space, region, r, t),
		.major = r->major,
		.address = r->address,
		.ip = r->ip,
		.was = t->was,
		.now = t->now,
		.forked = was_forked(live, process, r),
		.has_access = r->has_code,
		.access = fault_code_access(r->code),
		.present = r->has_code && r->code & FAULT_CODE_PRESENT,
	};
	if (gone && gone->inode &&
	    !(gone->perms & REGION_WRITE)) { /* nothing but its file's page can have come */
		facts.was = PAGE_RESERVED;
		facts.now = PAGE_FILE;
	}
	return cause_infer(&facts);
}

/* The process may stand by one of these faults: the last one of the thread that is named. */
static size_t find_standing(struct live *live)
{
	const struct fault_batch *batch = &live->faults.batch;
	size_t i = batch->count;
	if (!live_stands(live) || live->news.why != STOP_FAULT)
		return SIZE_MAX;
	while (i && batch->records[i - 1].tid != live->news.who)
		i--;
	return i ? i - 1 : SIZE_MAX;
}

/* Where a thread stands, its whole stack can be read: if it stands where the sample was taken. */
static struct event_stack whole_stack(struct live *live, struct event_stack sampled)
{
	struct stopped_stack *whole = &live->faults.whole;
	tracer_stack(live->tracer, live->news.who, whole);
	if (whole->count < sampled.count ||
	    memcmp(whole->ips, sampled.ips, sampled.count * sizeof *whole->ips) != 0)
		return sampled;
	return (struct event_stack){ whole->ips, whole->count, whole->cut };
}

static void tell(struct live *live, struct sink *sink, const struct process *process, size_t i)
{
	struct live_faults *f = &live->faults;
	const struct fault_record *r = &f->batch.records[i];
	const struct touch *t = touches_of_record(&f->touches, i);
	struct cause cause = infer(live, process, r, t);
	uint64_t time_ns = watch_time(live, r->time_ns);
	struct event e = { .type = EVENT_FAULT,
			   .pid = live->pid,
			   .time_ns = time_ns - time_ns % FAULT_TIME_NS };
	e.fault = (struct event_fault){
		.address = r->address,
		.ip = r->ip,
		.tid = r->tid,
		.major = r->major,
		.inferred = !r->has_code,
		.access = cause.access,
		.cause = cause.cause,
		.was = t->was,
		.now = t->now,
		.before = t->before,
		.after = t->after,
	};
	e.stack = fault_stacks_get(&f->stacks, process->space, &f->batch, r);
	if (i == f->standing && e.stack.cut)
		e.stack = whole_stack(live, e.stack);
	live->changed = true;
	live_names_want(live, sink, &e);
	sink_send(sink, &e);
}

/* Takes from the rings what came until now, and tells how much was lost. */
static void drain(struct live *live, struct sink *sink, struct fault_batch *batch)
{
	struct live_faults *f = &live->faults;
	size_t first = batch->count, later;
	if (!f->capture)
		return;
	/* where it stands nothing more comes: however the clocks of processors differ, all is from before */
	faults_drain(f->capture, batch, live_stands(live) ? UINT64_MAX : clock_now_ns());
	f->drained_ns = clock_now_ns();
	later = batch->count;
	while (later > first && batch->records[later - 1].time_ns > live->schedule.faults.counted_ns)
		later--;
	schedule_note_faults(&live->schedule, batch->count - first, batch->count - later);
	struct event e = { .type = EVENT_LOST, .lost = { batch->lost, "faults" } };
	f->rate.lost += batch->lost;
	f->rate.count += batch->count;
	if (batch->lost)
		live_send(live, sink, &e);
	batch->lost = 0;
}

/* Telling can take long (names, printing): meanwhile the rings go on filling. */
void live_drain_faults(struct live *live, struct sink *sink)
{
	if (live->faults.capture && clock_now_ns() - live->faults.drained_ns >= DRAIN_NS)
		drain(live, sink, &live->faults.ahead);
}

/* What readings changed before now: the faults of that time were told, but for those that are late. */
static void age(struct live *live, size_t parts)
{
	uint64_t now = schedule_time(&live->schedule);
	if (live->faults.seen.part_count)
		seen_age(&live->faults.seen, parts, now > LATE_NS ? now - LATE_NS : 0);
}

static void tell_batch(struct live *live, struct sink *sink, const struct process *process, bool readable)
{
	struct live_faults *f = &live->faults;
	const struct space *space = process->space;
	struct err failure = { 0 };
	size_t old = seen_fresh(&f->seen);
	readable = readable && can_be_read(live);
	bool outside = touches_gather(&f->touches, &f->batch, space) || f->fatal.count ||
		       remap_mapped_since(&f->remap, live->schedule.maps_began_ns);
	if (readable && outside && schedule_regions(&live->schedule, sink, &failure) < 0)
		readable = false;
	touches_before(&f->touches, &f->batch, process, &f->seen, f->known_ns, live->schedule.began_ns);
	uint64_t done = readable ? read_pages(live, sink, space) : 0;
	drain(live, sink, &f->ahead);
	remap_take(&f->remap, &f->ahead);
	touches_after(&f->touches, &f->batch, &f->ahead, space, done);
	f->any_remap = live_find_remap(live, process);
	touches_neighbours(&f->touches, space, &f->seen);
	f->standing = find_standing(live);
	f->stacks.top = live->schedule.have_stat ? live->schedule.stat.start_stack : 0;
	for (size_t i = 0; i < f->batch.count; i++) {
		if (f->fatal.count)
			live_tell_fatal(live, sink, process, f->batch.records[i].time_ns);
		if (f->any_remap)
			live_show_remap(live, sink, space, i);
		tell(live, sink, process, i);
		if (i % TELL_AT_ONCE == TELL_AT_ONCE - 1)
			live_drain_faults(live, sink);
	}
	if (f->any_remap)
		live_show_remap(live, sink, space, SIZE_MAX);
	live_tell_fatal(live, sink, process, f->ahead.count ? f->ahead.records[0].time_ns : UINT64_MAX);
	age(live, old);
}

/* Error codes cost the process as much as all the rest: they are told while faults are few. */
static void adjust_codes(struct live_faults *f)
{
	if (f->rate.per_second > CODES_OFF)
		f->rate.calm = 0;
	else if (f->rate.per_second < CODES_ON)
		f->rate.calm++;
	if (f->rate.calm == 0 || f->rate.calm >= CODES_CALM) {
		f->codes_off = f->rate.calm == 0;
		faults_set_codes(f->capture, !f->codes_off);
	}
}

static void take(struct live *live, struct sink *sink, const struct process *process, bool readable)
{
	struct live_faults *f = &live->faults;
	struct fault_batch ahead = f->ahead;
	f->ahead = f->batch;
	f->batch = ahead;
	fault_batch_clear(&f->ahead);
	uint64_t until = clock_now_ns(), maps_ns = live->schedule.maps_began_ns;
	drain(live, sink, &f->batch);
	remap_take(&f->remap, &f->batch);
	live_take_fatal(live);
	if (f->batch.count || f->fatal.count)
		tell_batch(live, sink, process, readable);
	else
		age(live, seen_fresh(&f->seen));
	if (f->batch.count <
	    FAULTS_MAX) /* all of before have been told; what of that was still there the model has */
		remap_forget(&f->remap, maps_ns, until);
}

/* Takes other samples of stacks from now on: a capture of its own goes on where this one ends. */
static void resample(struct live *live, struct sink *sink, const struct process *process, uint32_t bytes)
{
	struct live_faults *f = &live->faults;
	struct err failure = { 0 };
	struct faults *next = open_capture(live, bytes, &failure), *last = f->capture;
	uint64_t now = clock_now_ns();
	if (!next)
		return;
	faults_begin(next, now);
	faults_stop(last);
	faults_end(last, now);
	drain(live, sink, &f->ahead);
	faults_close(last);
	f->capture = next;
	f->stack_bytes = bytes;
	f->codes_off = false;
	take(live, sink, process, true);
}

static void adjust(struct live *live, struct sink *sink, const struct process *process)
{
	struct live_faults *f = &live->faults;
	uint64_t now = clock_now_ns(), since = now - f->rate.since_ns;
	uint32_t bytes;
	if (since < RATE_NS)
		return;
	f->rate.per_second = f->rate.count * CLOCK_SECOND / since;
	if (faults_can_code(f->capture))
		adjust_codes(f);
	bytes = fault_stacks_advise(&f->stacks, f->stack_bytes, f->rate.lost);
	bool outgrown = f->small && (f->rate.lost || f->rate.per_second > SMALL_FAULTS);
	f->rate.since_ns = now;
	f->rate.count = f->rate.lost = 0;
	f->small &= !outgrown;
	if (outgrown)
		resample(live, sink, process, bytes);
	else if (bytes != f->stack_bytes && (bytes < f->stack_bytes || f->rate.per_second < STACKS_MORE))
		resample(live, sink, process, bytes);
}

void live_take_faults(struct live *live, struct sink *sink, bool readable)
{
	struct live_faults *f = &live->faults;
	const struct process *process = world_find(live->world, live->pid);
	if (!process)
		return;
	do
		take(live, sink, process, readable);
	while (f->ahead.count && (!readable || live->dead || live->news.ended));
	if (f->capture)
		adjust(live, sink, process);
}
