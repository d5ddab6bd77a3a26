/* Faults as they are sent:
 *
 *     take the faults from the rings                          who, when, where
 *     read maps again, if one lies in no known region; if that costs much, they wait for it
 *     look up each page in the model                          was
 *     read these pages, which brings the model up to date     now, and what came with them
 *     send them, in order of time, each with its stack; if that takes long, what comes
 *     meanwhile is taken from the rings and sent next
 */
#include "live/fault_reader.h"

#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "live/live_status.h"
#include "live/stepping.h"

#define STACK_BYTES 2048       /* sampled of each stack, at first */
#define SEND_AT_ONCE 16        /* faults, before the clock and the rings are checked */
#define WAITING_MAX 1024       /* once so many were taken from the rings they are sent without delay, */
#define WAITING_MAX_MAPS 16384 /* or so many if reading regions costs much */

/* How the process is when its faults are taken. */
struct fault_turn {
	bool readable; /* the memory in which they happened is still there, as far as is known */
	bool ended;    /* the process has */
	bool stands;   /* it is stopped, and that was not reported yet: nothing more comes */
	bool last;     /* it is held at its end: all that has come is taken while there is memory */
};

static void listen(struct sink *sink, const struct event *e)
{
	struct fault_reader *f = (struct fault_reader *)sink;
	const struct process *process = world_find(f->parts.watch->world, e->pid);
	fault_stacks_note(&f->stacks, e);
	fault_causes_note(&f->causes, e, process);
	fault_pages_note(&f->pages, e, process);
	sink_before(f->to, e);
}

static void pass_on(struct sink *sink, const struct event *e)
{
	struct fault_reader *f = (struct fault_reader *)sink;
	sink_take(f->to, e);
	fault_causes_noted(&f->causes, e, world_find(f->parts.watch->world, e->pid));
}

/* Opens the rings, with stacks if these are wanted, or keeps why not. */
static void open_rings(struct fault_reader *f)
{
	const struct fault_options *o = &f->options;
	struct fault_capture *capture = &f->intake.capture;
	unsigned smaller = !o->small ? 0 : o->heir ? 1 : FAULTS_SMALLEST;
	struct faults_options rings = { .codes = !o->off[SOURCE_ACCESS],
					.held = o->held,
					.heirs = o->heirs,
					.smaller = smaller,
					.pool = o->pool,
					.stack_every = o->sample };
	if (o->off[SOURCE_FAULTS]) {
		err_set(&capture->why, ERR_DENIED, "%s", _("switched off"));
		return;
	}
	if (o->files) {
		err_set(&capture->why, ERR_UNSUPPORTED, "%s", _("there are none in files"));
		return;
	}
	if (o->stacks && !o->off[SOURCE_STACKS] && fault_stacks_init(&f->stacks, f->parts.reader))
		rings.stack_bytes = o->stack_bytes ? o->stack_bytes : STACK_BYTES;
	fault_capture_open(capture, f->parts.watch, &rings);
}

void fault_reader_init(struct fault_reader *f, const struct fault_parts *parts,
		       const struct fault_options *options)
{
	*f = (struct fault_reader){ .sink = { .before = listen, .take = pass_on },
				    .parts = *parts,
				    .options = *options };
	fault_intake_init(&f->intake, &parts->counters->balance);
	fault_pages_init(&f->pages, parts->watch, parts->reader, parts->schedule);
	fault_causes_init(&f->causes, parts->watch, parts->reader, &f->intake, parts->names);
	fatal_reader_init(&f->fatal, parts->watch, parts->schedule, &f->stacks, parts->names);
	if (!options->on)
		return;
	open_rings(f);
	bool opened = f->intake.capture.rings != NULL;
	parts->counters->balance.on = opened;
	f->causes.kinship.whole =
	    parts->program->launched || (opened && !options->child && reader_no_relatives(parts->reader));
}

void fault_reader_fini(struct fault_reader *f)
{
	fault_causes_fini(&f->causes);
	fault_intake_fini(&f->intake);
	fault_pages_fini(&f->pages);
	fatal_reader_fini(&f->fatal);
	fault_stacks_fini(&f->stacks);
}

uint32_t fault_reader_sampled(const struct fault_reader *f)
{
	return f->intake.capture.rings ? f->intake.capture.options.stack_bytes : 0;
}

bool fault_reader_is_on(const struct fault_reader *f)
{
	return f->intake.capture.rings;
}

const struct err *fault_reader_why(const struct fault_reader *f)
{
	return &f->intake.capture.why;
}

int fault_reader_fd(const struct fault_reader *f)
{
	return f->intake.capture.rings ? faults_fd(f->intake.capture.rings) : -1;
}

bool fault_reader_is_full(const struct fault_reader *f)
{
	return f->intake.ahead.count >= WAITING_MAX && !f->waits;
}

void fault_reader_know_from(struct fault_reader *f, uint64_t clock_ns)
{
	f->pages.known_ns = clock_ns;
}

void fault_reader_join(struct fault_reader *f, struct fault_reader *elder)
{
	kinship_join(&f->causes.kinship, &elder->causes.kinship);
}

struct sink *fault_reader_sink(struct fault_reader *f, struct sink *sink)
{
	if (!f->intake.capture.rings || sink == &f->sink)
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
	return !c->known || !c->stat.start_stack || now.start_stack == c->stat.start_stack;
}

/* The process may have stopped at one of these faults: the last one of the thread that stopped it. */
static size_t find_standing(struct fault_reader *f)
{
	const struct fault_batch *batch = &f->intake.batch;
	size_t i = batch->count;
	if (!f->intake.stands || f->parts.program->news.why != STOP_FAULT)
		return SIZE_MAX;
	while (i && batch->records[i - 1].tid != f->parts.program->news.who)
		i--;
	return i ? i - 1 : SIZE_MAX;
}

/* The whole stack of a stopped thread can be read. It counts if it begins like the sample. */
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
	const struct fault_record *r = &f->intake.batch.records[i];
	const struct touch *t = touches_of_record(&f->pages.touches, i);
	struct cause cause =
	    fault_causes_infer(&f->causes, sink, process, r, t, fault_pages_gone(&f->pages, i));
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
	e.stack = fault_stacks_get(&f->stacks, process->space, &f->intake.batch, r);
	if (i == f->standing && e.stack.end != STACK_WHOLE)
		e.stack = whole_stack(f, e.stack);
	f->parts.watch->changed = true;
	code_names_want(f->parts.names, sink, &e);
	sink_send(sink, &e);
}

void fault_reader_drain(struct fault_reader *f, struct sink *sink)
{
	fault_intake_drain_if_due(&f->intake, sink);
	kinship_relieve(&f->causes.kinship, sink);
	const struct process *process = watch_process(f->parts.watch);
	if (process && !f->intake.ended) {
		kinship_note_forks(&f->causes.kinship, sink, process);
		kinship_ask(&f->causes.kinship, sink, &f->intake.ahead);
	}
}

uint64_t fault_reader_taken(struct fault_reader *f, struct sink *sink, uint64_t until_ns)
{
	const struct fault_batch *ahead = &f->intake.ahead;
	size_t count = 0;
	if (!f->intake.capture.rings)
		return 0;
	fault_intake_drain(&f->intake, sink);
	while (count < ahead->count && ahead->records[count].time_ns <= until_ns)
		count++;
	return count + f->intake.capture.rate.lost;
}

uint64_t fault_reader_forked_ns(struct fault_reader *f, struct sink *sink, int32_t child)
{
	if (!f->intake.capture.rings)
		return 0;
	if (!f->intake.ended)
		fault_intake_drain(&f->intake, sink);
	return kin_born(faults_kin(f->intake.capture.rings), child);
}

uint64_t fault_reader_forks(const struct fault_reader *f)
{
	return f->intake.capture.rings ? kin_count_forks(faults_kin(f->intake.capture.rings)) : 0;
}

static void send_fatal(struct fault_reader *f, struct sink *sink, const struct process *process,
		       uint64_t until_ns, const struct fault_turn *turn)
{
	if (f->fatal.waiting.count || f->fatal.waiting.lost)
		fatal_reader_send(&f->fatal, sink, process, until_ns, f->intake.capture.rings, turn->ended);
}

/* Are their regions unknown, and may not be read so soon? If they were sent now, their pages would be
 * unknown, and a later fault would have no story to use. */
static bool must_wait(struct fault_reader *f, const struct process *process, const struct fault_turn *turn)
{
	const struct fault_batch *batch = &f->intake.batch;
	bool may = turn->readable && !turn->ended && !turn->last && !turn->stands &&
		   batch->count < WAITING_MAX_MAPS && !batch->task_count && !f->fatal.waiting.count;
	return may && schedule_regions_dear(f->parts.schedule) &&
	       fault_pages_gather(&f->pages, batch, process->space);
}

/* Finds out how the pages of the batch were and are. */
static void find_pages(struct fault_reader *f, struct sink *sink, const struct process *process,
		       bool readable)
{
	const struct space *space = process->space;
	const struct fault_batch *batch = &f->intake.batch, *ahead = &f->intake.ahead;
	struct fault_pages *pages = &f->pages;
	uint64_t done = 0;
	bool outside = fault_pages_gather(pages, batch, space) || f->fatal.waiting.count;
	if (readable)
		readable = fault_pages_read(pages, sink, process, batch, outside, &done);
	else
		fault_pages_recall(pages, process, batch);
	fault_intake_drain(&f->intake, sink);
	fault_pages_take(pages, &f->intake.ahead);
	fault_pages_settle(pages, process, batch, ahead, done);
	if (readable)
		userfaults_read(&f->causes.userfaults, f->parts.reader, watch_now(f->parts.watch),
				touches_newest_region(&pages->touches, space),
				touches_read_to_own(&pages->touches, batch, space));
	fault_pages_complete(pages, process, batch);
}

static void send_batch(struct fault_reader *f, struct sink *sink, const struct process *process,
		       const struct fault_turn *turn)
{
	const struct counters *counters = f->parts.counters;
	const struct fault_batch *batch = &f->intake.batch, *ahead = &f->intake.ahead;
	size_t old = seen_fresh(&f->pages.seen);
	find_pages(f, sink, process, turn->readable && !turn->ended && can_be_read(&f->parts));
	f->standing = find_standing(f);
	f->stacks.top = counters->known ? counters->stat.start_stack : 0;
	fault_stacks_learn(&f->stacks, process->space, batch);
	for (size_t i = 0; i < batch->count; i++) {
		send_fatal(f, sink, process, batch->records[i].time_ns, turn);
		fault_pages_show(&f->pages, sink, process->space, batch, i);
		send(f, sink, process, i);
		if (i % SEND_AT_ONCE == SEND_AT_ONCE - 1)
			fault_reader_drain(f, sink);
	}
	fault_pages_show(&f->pages, sink, process->space, batch, SIZE_MAX);
	send_fatal(f, sink, process, ahead->count ? ahead->records[0].time_ns : UINT64_MAX, turn);
	fault_pages_age(&f->pages, old);
}

size_t fault_reader_execs(struct fault_reader *f, const struct fault_task **execs)
{
	return fault_intake_execs(&f->intake, execs);
}

static void take(struct fault_reader *f, struct sink *sink, const struct process *process,
		 const struct fault_turn *turn)
{
	const struct fault_batch *batch = &f->intake.batch;
	uint64_t until = clock_now_ns(), maps_ns = f->parts.schedule->reading.maps_began_ns;
	fault_intake_next(&f->intake, sink);
	fault_pages_take(&f->pages, &f->intake.batch);
	if (f->parts.program->tracer && f->options.on && !f->options.off[SOURCE_FAULTS])
		tracer_fatal_faults(f->parts.program->tracer, &f->fatal.waiting);
	f->waits = batch->count && must_wait(f, process, turn);
	if (f->waits) {
		fault_intake_return(&f->intake);
		return;
	}
	if (turn->readable && !turn->ended)
		kinship_note_forks(&f->causes.kinship, sink, process);
	kinship_ask(&f->causes.kinship, sink, &f->intake.batch);
	if (batch->count || f->fatal.waiting.count)
		send_batch(f, sink, process, turn);
	else
		fault_pages_age(&f->pages, seen_fresh(&f->pages.seen));
	/* everything from before has been sent; the model has what is still there of what was mapped then */
	if (batch->count < FAULTS_MAX)
		remap_forget(&f->pages.remap, maps_ns, until);
}

/* Changes to other rings if faults come faster or slower than these suit. */
static void adjust(struct fault_reader *f, struct sink *sink, const struct process *process,
		   const struct fault_turn *turn)
{
	struct fault_turn again = *turn;
	struct fault_capture *c = &f->intake.capture;
	uint64_t lost;
	if (!fault_capture_measure(c, &lost))
		return;
	uint32_t bytes = fault_stacks_advise(&f->stacks, c->options.stack_bytes,
					     c->rate.per_second / c->stack_rate.every, lost);
	again.readable = true;
	if (fault_capture_is_outgrown(c, bytes, lost) && fault_intake_replace(&f->intake, bytes, sink))
		take(f, sink, process, &again);
}

void fault_reader_take(struct fault_reader *f, struct sink *sink, bool readable)
{
	const struct tracer_news *news = &f->parts.program->news;
	const struct process *process = watch_process(f->parts.watch);
	struct fault_turn turn = {
		.readable = readable,
		.ended = f->parts.status->dead || news->ended,
		.stands = stepping_stands(f->parts.stepping),
		.last = news->hold == TRACEE_AT_EXIT,
	};
	if (!process)
		return;
	f->intake.stands = turn.stands;
	f->intake.ended = turn.ended;
	do
		take(f, sink, process, &turn);
	while (f->intake.ahead.count && (!turn.readable || turn.ended || turn.last));
	adjust(f, sink, process, &turn);
}
