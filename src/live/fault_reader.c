/* Faults as they are sent:
 *
 *     take the faults from the rings                          who, when, where
 *     read maps again, if one lies in no known region; if that costs much, they wait for it
 *     look up each page in the model                          was
 *     read these pages, which brings the model up to date     now, and what came with them
 *     send them, in order of time, each with its stack; what comes meanwhile is taken from
 *     the rings, and sent in the next turns, so that others of the family have theirs
 */
#include "live/fault_reader.h"

#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "live/live_status.h"
#include "live/stepping.h"

#define STACK_BYTES 2048       /* bytes sampled of each stack, at first */
#define TURN_MAX 4096          /* faults, before others have their turn */
#define SEND_AT_ONCE 16        /* faults, before the clock and the rings are checked */
#define WAITING_MAX 1024       /* once this many were taken from the rings they are sent without delay, */
#define WAITING_MAX_MAPS 16384 /* or this many if reading regions is expensive */

/* The state of the process when its faults are taken. */
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
	unsigned smaller = !o->small ? 0 : o->heir ? o->stacks : FAULTS_SMALLEST;
	struct faults_options rings = { .codes = !o->off[SOURCE_ACCESS],
					.held = o->held,
					.heirs = o->heirs,
					.smaller = smaller,
					.pool = o->pool,
					.stack_every = o->sample };
	struct err err = { 0 };
	if (o->off[SOURCE_FAULTS]) {
		err_set_off(&err);
		fault_intake_refuse(&f->intake, &err);
		return;
	}
	if (o->files) {
		err_set(&err, ERR_UNSUPPORTED, "%s", _("captured files have none"));
		fault_intake_refuse(&f->intake, &err);
		return;
	}
	if (o->stacks && !o->off[SOURCE_STACKS] &&
	    fault_stacks_init(&f->stacks, f->parts.reader, f->parts.names))
		rings.stack_bytes = o->stack_bytes ? o->stack_bytes : STACK_BYTES;
	fault_intake_open(&f->intake, f->parts.watch, &rings);
}

void fault_reader_init(struct fault_reader *f, const struct fault_parts *parts,
		       const struct fault_options *options)
{
	*f = (struct fault_reader){ .sink = { .before = listen, .take = pass_on },
				    .parts = *parts,
				    .options = *options };
	fault_intake_init(&f->intake, counters_balance(parts->counters));
	fault_pages_init(&f->pages, parts->watch, parts->reader, parts->schedule);
	fault_causes_init(&f->causes, parts->watch, parts->reader, &f->intake, parts->names);
	fatal_reader_init(&f->fatal, parts->watch, parts->schedule, &f->pages, &f->stacks, parts->names);
	if (!options->on)
		return;
	open_rings(f);
	bool opened = fault_reader_is_on(f);
	fault_balance_set_on(counters_balance(parts->counters), opened);
	if (live_program_is_launched(parts->program) ||
	    (opened && !options->child && reader_no_relatives(parts->reader)))
		fault_causes_know_alone(&f->causes);
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
	return fault_intake_sampled(&f->intake);
}

bool fault_reader_is_wanted(const struct fault_reader *f)
{
	return f->options.on;
}

bool fault_reader_wants_stacks(const struct fault_reader *f)
{
	return f->options.stacks;
}

bool fault_reader_can_unwind(const struct fault_reader *f)
{
	return fault_stacks_can(&f->stacks);
}

bool fault_reader_is_on(const struct fault_reader *f)
{
	return fault_intake_rings(&f->intake);
}

const struct err *fault_reader_err(const struct fault_reader *f)
{
	return fault_intake_err(&f->intake);
}

const struct fault_capture *fault_reader_capture(const struct fault_reader *f)
{
	return fault_intake_capture(&f->intake);
}

int fault_reader_fd(const struct fault_reader *f)
{
	const struct faults *rings = fault_intake_rings(&f->intake);
	return rings ? faults_fd(rings) : -1;
}

bool fault_reader_is_full(const struct fault_reader *f)
{
	return fault_intake_waiting(&f->intake) >= WAITING_MAX && !f->waits;
}

void fault_reader_know_from(struct fault_reader *f, uint64_t clock_ns)
{
	fault_pages_know_from(&f->pages, clock_ns);
}

void fault_reader_join(struct fault_reader *f, struct fault_reader *elder)
{
	struct faults *rings = fault_intake_rings(&elder->intake);
	if (rings && elder->options.heirs) /* even without rings of its own: it may have ended */
		unseen_found(faults_unseen(rings), f->parts.watch->pid);
	fault_causes_join(&f->causes, &elder->causes);
}

struct sink *fault_reader_sink(struct fault_reader *f, struct sink *sink)
{
	if (!fault_reader_is_on(f) || sink == &f->sink)
		return sink;
	f->to = sink;
	return &f->sink;
}

/* Does the process still have the memory that the model shows? */
static bool can_be_read(const struct fault_parts *p)
{
	struct process_stat now;
	uint64_t known = counters_start_stack(p->counters);
	if (reader_stat(p->reader, &now, NULL) != 0)
		return false;
	return !known || now.start_stack == known;
}

/* The process may have stopped at one of these faults: the last one of the thread that stopped it. */
static size_t find_standing(struct fault_reader *f)
{
	const struct trace_news *news = live_program_news(f->parts.program);
	const struct fault_batch *batch = fault_intake_batch(&f->intake);
	size_t i = batch->count;
	if (!fault_intake_stands(&f->intake) || news->why != STOP_FAULT || fault_intake_waiting(&f->intake))
		return SIZE_MAX;
	while (i && batch->records[i - 1].tid != news->who)
		i--;
	return i ? i - 1 : SIZE_MAX;
}

/* The whole stack of a stopped thread can be read. It counts if it begins like the sample. */
static struct event_stack whole_stack(struct fault_reader *f, struct event_stack sampled)
{
	struct stopped_stack *whole = &f->whole;
	live_program_stopped_stack(f->parts.program, whole);
	if (whole->count < sampled.count ||
	    memcmp(whole->ips, sampled.ips, sampled.count * sizeof *whole->ips) != 0)
		return sampled;
	return (struct event_stack){ whole->ips, whole->count, whole->end, whole->deduced };
}

static void send(struct fault_reader *f, struct sink *sink, const struct process *process, size_t i)
{
	const struct fault_batch *batch = fault_intake_batch(&f->intake);
	const struct fault_record *r = &batch->records[i];
	const struct touch *t = fault_pages_touch(&f->pages, i);
	struct fault_memory memory = { .touch = t,
				       .sampled = fault_batch_sampled(batch, r),
				       .gone = fault_pages_gone(&f->pages, i),
				       .mapped = fault_pages_mapped(&f->pages, i),
				       .fresh_ns = fault_pages_fresh_ns(&f->pages, i),
				       .growth = fault_pages_growth(&f->pages, i) };
	memory.moved = fault_pages_moved(&f->pages, process->space, batch, i, &memory.zero);
	struct cause cause = fault_causes_infer(&f->causes, sink, process, r, &memory);
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
	e.stack = fault_stacks_get(&f->stacks, process->space, batch, r);
	if (i == f->standing && e.stack.end != STACK_WHOLE)
		e.stack = whole_stack(f, e.stack);
	f->parts.watch->changed = true;
	code_names_want(f->parts.names, sink, &e);
	sink_send(sink, &e);
}

void fault_reader_drain(struct fault_reader *f, struct sink *sink)
{
	fault_intake_drain_if_due(&f->intake, sink);
	fault_causes_relieve(&f->causes, sink);
	const struct process *process = watch_process(f->parts.watch);
	if (process && !fault_intake_has_ended(&f->intake))
		fault_causes_prepare(&f->causes, sink, process, fault_intake_ahead(&f->intake), true, false);
}

uint64_t fault_reader_taken(struct fault_reader *f, struct sink *sink, uint64_t until_ns)
{
	return fault_intake_taken(&f->intake, sink, until_ns);
}

uint64_t fault_reader_forked_ns(struct fault_reader *f, struct sink *sink, int32_t child)
{
	if (!fault_reader_is_on(f))
		return 0;
	if (!fault_intake_has_ended(&f->intake))
		fault_intake_drain(&f->intake, sink);
	return kin_born(faults_kin(fault_intake_rings(&f->intake)), child);
}

uint64_t fault_reader_forks(const struct fault_reader *f)
{
	struct faults *rings = fault_intake_rings(&f->intake);
	return rings ? kin_count_forks(faults_kin(rings)) : 0;
}

bool fault_reader_take_unseen(struct fault_reader *f, struct unseen_process *process)
{
	struct faults *rings = fault_intake_rings(&f->intake);
	return rings && unseen_take(faults_unseen(rings), process);
}

struct unseen_process *fault_reader_joined_past(struct fault_reader *elder, struct sink *sink,
						const struct fault_reader *f, int32_t pid, uint64_t *since_ns)
{
	struct faults *rings = fault_intake_rings(&elder->intake), *own = fault_intake_rings(&f->intake);
	if (!rings)
		return NULL;
	if (!fault_intake_has_ended(&elder->intake))
		fault_intake_drain(&elder->intake, sink);
	*since_ns = own ? faults_begun(own) : UINT64_MAX;
	return unseen_of_found(faults_unseen(rings), pid);
}

bool fault_reader_unseen_was_reported(const struct fault_reader *f, int32_t pid)
{
	struct faults *rings = fault_intake_rings(&f->intake);
	return rings && unseen_was_reported(faults_unseen(rings), pid);
}

void fault_reader_settle_joined(struct fault_reader *elder, int32_t pid, bool seen, bool over)
{
	struct faults *rings = fault_intake_rings(&elder->intake);
	if (rings)
		unseen_settle(faults_unseen(rings), pid, seen, over);
}

static void send_fatal(struct fault_reader *f, struct sink *sink, const struct process *process,
		       uint64_t until_ns, const struct fault_turn *turn)
{
	fatal_reader_send(&f->fatal, sink, process, until_ns, fault_intake_rings(&f->intake), turn->ended);
}

/* Are the faults' regions unknown, while it is too soon to read maps again? If the faults were sent now,
 * their pages would be unknown, and a later fault would have no story to use. */
static bool must_wait(struct fault_reader *f, const struct process *process, const struct fault_turn *turn)
{
	const struct fault_batch *batch = fault_intake_batch(&f->intake);
	bool may = turn->readable && !turn->ended && !turn->last && !turn->stands &&
		   batch->count + fault_intake_waiting(&f->intake) < WAITING_MAX_MAPS && !batch->task_count &&
		   !fatal_reader_waits(&f->fatal);
	return may && schedule_regions_dear(f->parts.schedule) &&
	       fault_pages_gather(&f->pages, batch, process->space);
}

/* Determines how the pages of the batch were and are. */
static void find_pages(struct fault_reader *f, struct sink *sink, const struct process *process,
		       bool readable)
{
	const struct space *space = process->space;
	const struct fault_batch *batch = fault_intake_batch(&f->intake);
	const struct fault_batch rest = fault_intake_rest(&f->intake);
	struct fault_batch *ahead = fault_intake_ahead(&f->intake);
	struct fault_pages *pages = &f->pages;
	uint64_t done = 0;
	bool outside = fault_pages_gather(pages, batch, space) || fatal_reader_waits(&f->fatal);
	if (readable)
		readable = fault_pages_read(pages, sink, process, batch, outside, &done);
	else
		fault_pages_recall(pages, process, batch);
	fault_intake_drain(&f->intake, sink);
	fault_pages_take(pages, ahead);
	fault_pages_settle(pages, process, batch, (const struct fault_batch *[]){ &rest, ahead }, 2, done);
	if (readable)
		fault_causes_read(&f->causes, pages, batch, space);
	fault_pages_complete(pages, process, batch);
}

static void send_batch(struct fault_reader *f, struct sink *sink, const struct process *process,
		       const struct fault_turn *turn)
{
	const struct fault_batch *batch = fault_intake_batch(&f->intake);
	size_t old = fault_pages_parts(&f->pages);
	find_pages(f, sink, process, turn->readable && !turn->ended && can_be_read(&f->parts));
	f->standing = find_standing(f);
	fault_stacks_learn(&f->stacks, process->space, batch, counters_start_stack(f->parts.counters));
	for (size_t i = 0; i < batch->count; i++) {
		send_fatal(f, sink, process, batch->records[i].time_ns, turn);
		fault_pages_show(&f->pages, sink, process->space, batch, i);
		send(f, sink, process, i);
		if (i % SEND_AT_ONCE == SEND_AT_ONCE - 1)
			fault_reader_drain(f, sink);
	}
	fault_pages_show(&f->pages, sink, process->space, batch, SIZE_MAX);
	send_fatal(f, sink, process, fault_intake_waiting_ns(&f->intake), turn);
	fault_pages_age(&f->pages, old);
}

size_t fault_reader_count_execs(struct fault_reader *f, struct sink *sink)
{
	return fault_intake_count_execs(&f->intake, sink);
}

size_t fault_reader_execs(const struct fault_reader *f, const struct fault_task **execs)
{
	return fault_intake_execs(&f->intake, execs);
}

void fault_reader_pass(struct fault_reader *f, size_t execs)
{
	fault_intake_pass(&f->intake, execs);
}

static void take(struct fault_reader *f, struct sink *sink, const struct process *process,
		 const struct fault_turn *turn)
{
	struct fault_batch *batch = fault_intake_batch(&f->intake);
	uint64_t until = clock_now_ns(), maps_ns = schedule_maps_began_ns(f->parts.schedule);
	fault_intake_next(&f->intake, sink, TURN_MAX);
	fault_pages_take(&f->pages, batch);
	if (f->options.on && !f->options.off[SOURCE_FAULTS])
		fatal_reader_take(&f->fatal, f->parts.program);
	f->waits = batch->count && must_wait(f, process, turn);
	if (f->waits) {
		fault_intake_return(&f->intake);
		return;
	}
	fault_causes_prepare(&f->causes, sink, process, batch, turn->readable, turn->ended);
	if (batch->count || fatal_reader_waits(&f->fatal))
		send_batch(f, sink, process, turn);
	else
		fault_pages_age(&f->pages, fault_pages_parts(&f->pages));
	/* everything from before has been sent; the model has what is still there of what was mapped then */
	if (fault_intake_waiting_ns(&f->intake) >= until)
		fault_pages_forget(&f->pages, maps_ns, until);
}

/* Changes to other rings if faults come too fast or too slowly for these. */
static void adjust(struct fault_reader *f, struct sink *sink, const struct process *process,
		   const struct fault_turn *turn)
{
	struct fault_turn again = *turn;
	struct fault_load load;
	if (!fault_intake_measure(&f->intake, &load))
		return;
	uint32_t bytes = fault_stacks_advise(&f->stacks, load.stack_bytes, load.stacks_per_second, load.lost);
	again.readable = true;
	if (fault_intake_replace(&f->intake, bytes, sink))
		take(f, sink, process, &again);
}

/* Takes at least those up to `until_ns`. */
static void take_until(struct fault_reader *f, struct sink *sink, bool readable, uint64_t until_ns)
{
	const struct trace_news *news = live_program_news(f->parts.program);
	const struct process *process = watch_process(f->parts.watch);
	struct fault_turn turn = {
		.readable = readable,
		.ended = live_status_is_dead(f->parts.status) || news->ended,
		.stands = stepping_stands(f->parts.stepping),
		.last = news->hold == TRACEE_AT_EXIT,
	};
	if (!process)
		return;
	fault_intake_note(&f->intake, turn.ended, turn.stands);
	/* if more may come, those up to now are enough */
	uint64_t until = turn.ended || turn.last || turn.stands ? UINT64_MAX : until_ns;
	do
		take(f, sink, process, &turn);
	while (fault_intake_waiting_ns(&f->intake) < until && !fault_intake_is_at_exec(&f->intake));
	adjust(f, sink, process, &turn);
}

void fault_reader_take(struct fault_reader *f, struct sink *sink, bool readable)
{
	take_until(f, sink, readable, readable ? 0 : clock_now_ns());
}

void fault_reader_take_all(struct fault_reader *f, struct sink *sink)
{
	take_until(f, sink, true, clock_now_ns());
}
