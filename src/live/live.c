/* The live source: a running process as a stream of events.
 *
 *     first sweep   PROCESS, STATUS, SOURCE..., COUNTERS, MAP..., PAGES..., TICK    at time 0
 *     each step     OUTPUT, then as the look is due: what has changed, TICK
 *     exec          PROCESS (exec), then a picture of everything
 *     end           the last picture stays (the maps of a dying process are empty); STATUS
 *
 * A launched program is held at each exec and once more when it is about to end,
 * until its picture was taken: one sweep, so that even /bin/true is seen whole.
 * Here is the order in which things are done; the parts of struct live do them. */
#include "live/live.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "live/birth.h"
#include "live/fault_reader.h"
#include "live/live_figures.h"
#include "live/live_status.h"
#include "live/requests.h"
#include "live/source_states.h"
#include "live/stepping.h"
#include "live/thread_list.h"

#define INTERVAL_NS (50 * CLOCK_MS)
#define QUIET_INTERVAL_NS (250 * CLOCK_MS)
#define QUIET_AFTER_NS CLOCK_SECOND
#define FIRST_TRIES 5
#define REPORT_NS (50 * CLOCK_MS) /* an exec that shows is reported no later */

struct live {
	struct source source; /* first */
	struct live_options options;
	struct watch watch;
	struct reader *reader;
	struct live_program program;
	struct stepping stepping;
	struct counters counters;
	struct schedule schedule;
	struct code_names names;
	struct fault_reader faults;
	struct thread_list threads;
	struct live_status status;
	struct live_figures figures;
	struct source_states sources;
	struct requests requests;
	struct err maps_failure;    /* why regions cannot be read any more; ERR_NONE while they can */
	int32_t parent;             /* the watched process that forked it; 0: none */
	struct fault_reader *elder; /* of the first of its family; NULL: it is that */
	uint64_t unseen; /* faults that it had taken when it was found, as nobody held it at its birth */
	bool started;    /* the first picture was taken */
	bool exit_shown; /* it stands at its end, which was sent */
	bool exit_let;   /* and was let go of */
	bool exec_ahead; /* one more was sent, which the tracer has not stopped at yet */
	unsigned execs;  /* those whose picture was taken */
	uint64_t held_exec_ns;  /* the same: when the last was taken that the tracer brought; 0: none */
	uint64_t unreported_ns; /* CLOCK_MONOTONIC: an exec was taken whose report is to come; 0: none */
	uint64_t due_ns;        /* CLOCK_MONOTONIC: when the next look is due */
};

void live_options_init(struct live_options *options)
{
	*options = (struct live_options){ .interval_ns = INTERVAL_NS, .cache = true };
}

static struct status_voices voices(const struct live *live)
{
	return (struct status_voices){
		.traced = live_program_is_traced(&live->program),
		.imaged = live->execs > 0,
		.news = &live->program.news,
		.counters = &live->counters,
		.reader = live->reader,
	};
}

static void take_faults(struct live *live, struct sink *sink, bool readable)
{
	struct fault_turn turn = {
		.readable = readable,
		.ended = live->status.dead || live->program.news.ended,
		.stands = stepping_stands(&live->stepping),
		.last = live->program.news.hold == TRACEE_AT_EXIT,
	};
	fault_reader_take(&live->faults, sink, &turn);
}

static void send_status(struct live *live, struct sink *sink)
{
	struct status_voices v = voices(live);
	live_status_check(&live->status, &v);
	if (live->status.dead && !live->status.ended && live->started)
		take_faults(live, sink, false); /* what came up to its end, before that is reported */
	/* who records until the end has the names of the last faults, too; that they take time to read is no
	 * time of the program's */
	bool waits = live->status.dead && live->started && code_names_awaited(&live->names);
	if (waits && !live->options.follow && !live->watch.ended_ns)
		live->watch.ended_ns = clock_now_ns();
	if (waits)
		return;
	live_status_send(&live->status, &v, &live->watch, sink);
	if (!live->status.ended)
		live->watch.ended_ns = 0;
}

static struct status_origin origin_of(const struct live *live, bool exec)
{
	return (
	    struct status_origin){ .parent = live->parent, .launched = live->program.launched, .exec = exec };
}

static int send_identity(struct live *live, struct sink *sink, bool exec, struct err *err)
{
	struct status_origin origin = origin_of(live, exec);
	if (live->parent && !live->started && !exec)
		origin.birth = birth_of(&live->program, &live->watch, live->parent, live->elder, sink);
	return live_status_send_identity(&live->status, &origin, live->reader, &live->watch, sink, err);
}

static void send_threads(struct live *live, struct sink *sink)
{
	if (live->counters.known)
		thread_list_send(&live->threads, &live->watch, live->reader,
				 live->counters.stat.counters.threads, sink);
}

static void send_tick(struct live *live, struct sink *sink)
{
	struct event e = { .type = EVENT_TICK };
	watch_send(&live->watch, sink, &e);
}

static void send_sources(struct live *live, struct sink *sink)
{
	struct source_parts parts = { live->reader, &live->faults, live->options.reader.off,
				      &live->maps_failure };
	if (!live->started)
		source_states_hurry(&live->sources);
	source_states_send(&live->sources, &live->watch, sink, &parts);
}

/* A reading failed. That the memory is gone shows in the status, or is an exec that
 * the next step finds; that it may not be read any more is how a source is. */
static void take_failure(struct live *live, struct sink *sink, const struct err *failure)
{
	if (failure->code == ERR_GONE) {
		schedule_want_maps(&live->schedule);
		return;
	}
	live->maps_failure = *failure;
	source_states_hurry(&live->sources);
	send_sources(live, sink);
}

static void take_success(struct live *live, int64_t differ)
{
	if (differ > 0)
		live->watch.changed = true;
	live->maps_failure = (struct err){ 0 };
}

/* The whole picture, with all that belongs to it. */
static int64_t take_picture(struct live *live, struct sink *sink, struct err *err)
{
	struct counters_change change;
	counters_read(&live->counters, &live->watch, live->reader, &change, NULL);
	counters_send(&live->counters, &live->watch, sink);
	int64_t differ = schedule_everything(&live->schedule, sink, err);
	if (differ >= 0) {
		take_success(live, differ);
		live_figures_picture(&live->figures, &live->watch, live->reader, sink);
		send_tick(live, sink);
	}
	return differ;
}

static void forget_image(struct live *live)
{
	reader_renew(live->reader);
	schedule_forget(&live->schedule);
}

/* Did it become another program just now? Then the memory that was opened is gone, and it is not. */
static bool begins_anew(struct live *live, const struct err *err)
{
	struct process_stat now;
	if (err->code != ERR_GONE || reader_stat(live->reader, &now, NULL) != 0 ||
	    strchr("ZX", now.counters.state))
		return false;
	forget_image(live);
	live->unreported_ns = clock_now_ns();
	return true;
}

static int64_t take_first(struct live *live, struct sink *sink, struct err *err)
{
	struct err failure = { 0 };
	int64_t differ = take_picture(live, sink, &failure);
	for (int i = 0; differ < 0 && i < FIRST_TRIES && begins_anew(live, &failure); i++) {
		failure = (struct err){ 0 };
		if (send_identity(live, sink, true, &failure) == 0)
			differ = take_picture(live, sink, &failure);
	}
	if (differ < 0 && err)
		*err = failure;
	return differ;
}

static int first_picture(struct live *live, struct sink *sink, struct err *err)
{
	uint64_t began = live->watch.began_ns ? live->watch.began_ns : clock_now_ns();
	sink = fault_reader_sink(&live->faults, sink);
	live_program_update(&live->program);
	if (send_identity(live, sink, false, err) != 0)
		return -1;
	if (live->unseen) {
		struct event e = { .type = EVENT_LOST, .lost = { live->unseen, "faults" } };
		watch_send(&live->watch, sink, &e);
	}
	send_status(live, sink);
	send_sources(live, sink);
	int64_t differ = take_first(live, sink, err);
	send_status(live, sink); /* that it is stopped is in the counters */
	send_threads(live, sink);
	send_sources(live, sink); /* that the page cache is denied shows when it is asked */
	live->watch.began_ns = began;
	live->execs = live->program.news.execs;
	live->started = true;
	fault_reader_know_from(&live->faults, live_program_is_traced(&live->program) ? 0 : clock_now_ns());
	watch_note_move(&live->watch);
	live->due_ns = clock_now_ns() + live->options.interval_ns;
	return differ < 0 ? -1 : 0;
}

static int sweep(struct source *source, struct sink *sink, struct err *err)
{
	struct live *live = (struct live *)source;
	struct err failure = { 0 };
	if (!live->started)
		return first_picture(live, sink, err);
	sink = fault_reader_sink(&live->faults, sink);
	if (!live->status.dead && take_picture(live, sink, &failure) < 0)
		take_failure(live, sink, &failure);
	return 0;
}

/* It is another program now. False: it cannot be seen any more. */
static bool take_exec(struct live *live, struct sink *sink)
{
	struct err failure = { 0 };
	take_faults(live, sink, false);
	code_names_forget(&live->names);
	forget_image(live);
	bool named = send_identity(live, sink, true, &failure) == 0;
	if (!named || take_picture(live, sink, &failure) < 0)
		take_failure(live, sink, &failure);
	live->execs = live->program.news.execs;
	watch_note_move(&live->watch);
	send_threads(live, sink);
	return named;
}

/* One at which the tracer holds it: it is reported with the faults as well, now or later. */
static void take_held_exec(struct live *live, struct sink *sink)
{
	take_exec(live, sink);
	live->held_exec_ns = clock_now_ns();
}

/* Execs that came with the faults, of one that no tracer holds. Of those before the last there is
 * nothing to be seen any more. False: there were none. */
static bool take_reported_execs(struct live *live, struct sink *sink)
{
	struct status_origin origin = origin_of(live, true);
	const struct fault_task *execs;
	size_t count = fault_reader_execs(&live->faults, &execs);
	for (; count && execs->time_ns <= live->held_exec_ns; count--)
		execs++; /* the tracer brought it */
	if (!count || live_program_is_traced(&live->program) || live->program.news.stepping)
		return false;
	size_t first = execs[0].time_ns < live->unreported_ns + REPORT_NS;
	struct fault_task last = execs[count - 1];
	for (size_t i = first; i + 1 < count; i++)
		live_status_send_name(&origin, execs[i].name, &live->watch, sink);
	live->unreported_ns = 0;
	if (first < count && !take_exec(live, sink))
		live_status_send_name(&origin, last.name, &live->watch, sink);
	return first < count;
}

/* It stands at its end until CONTROL_RESUME, or the end of watching. */
static bool waits_at_exit(const struct live *live)
{
	return live->exit_shown && !live->exit_let && live->program.news.hold == TRACEE_AT_EXIT;
}

static void show_exit(struct live *live, struct sink *sink)
{
	struct event e = { .type = EVENT_STOP, .stop = { STOP_EXIT, live->watch.pid, 0 } };
	live->exit_shown = true;
	watch_send(&live->watch, sink, &e);
}

/* The tracer holds the program for its picture. */
static void serve_hold(struct live *live, struct sink *sink)
{
	struct live_program *p = &live->program;
	struct err failure = { 0 };
	if (waits_at_exit(live))
		return;
	if (p->news.execs != live->execs && live->exec_ahead)
		live->execs = p->news.execs;
	else if (p->news.execs != live->execs)
		take_held_exec(live, sink);
	else if (p->news.hold == TRACEE_AT_EXIT && !live->exit_shown) {
		take_faults(live, sink, true);
		if (take_picture(live, sink, &failure) < 0)
			take_failure(live, sink, &failure);
		if (live->options.exit_paused && !live->parent)
			show_exit(live, sink);
		if (waits_at_exit(live))
			return;
	}
	if (p->news.hold == TRACEE_FREE)
		return;
	live->exec_ahead = false;
	tracer_go(p->tracer);
	live_program_update(p);
}

/* An exec that was seen by its traces, maybe a moment before the tracer has its stop: then it is not
 * to be sent twice. */
static void take_seen_exec(struct live *live, struct sink *sink)
{
	struct live_program *p = &live->program;
	if (p->tracer && (live_program_is_traced(p) || p->news.stepping)) {
		live_program_await_exec(p, live->execs);
		live->exec_ahead = p->news.execs == live->execs;
		take_held_exec(live, sink);
		return;
	}
	take_faults(live, sink, false);
	if (take_reported_execs(live, sink))
		return;
	live->unreported_ns = clock_now_ns();
	take_exec(live, sink);
}

static void look_now(struct live *live, struct sink *sink, uint64_t budget_ns)
{
	struct err failure = { 0 };
	struct counters_change change;
	if (counters_read(&live->counters, &live->watch, live->reader, &change, &failure) != 0)
		return;
	if (change.exec || reader_is_renewed(live->reader)) {
		take_seen_exec(live, sink);
		return;
	}
	counters_send(&live->counters, &live->watch, sink);
	send_threads(live, sink);
	int64_t differ =
	    schedule_look(&live->schedule, sink, &change, live->options.interval_ns, budget_ns, &failure);
	if (differ < 0) {
		take_failure(live, sink, &failure);
		return;
	}
	take_success(live, differ);
	live_figures_look(&live->figures, &live->watch, live->reader, sink);
	send_tick(live, sink);
}

static void plan_next(struct live *live)
{
	uint64_t now = clock_now_ns();
	bool quiet = now - live->watch.moved_ns > QUIET_AFTER_NS;
	uint64_t pause = live->options.interval_ns;
	if (quiet && pause < QUIET_INTERVAL_NS)
		pause = QUIET_INTERVAL_NS;
	live->due_ns = now + pause;
}

/* What has come from the program and its tracer since the last step. */
static void take_news(struct live *live, struct sink *sink)
{
	struct live_program *p = &live->program;
	struct err failure = { 0 };
	code_names_send(&live->names, sink);
	pty_flush(&p->pty);
	live_program_send_output(p, &live->watch, sink);
	if (stepping_drive(&live->stepping))
		live->due_ns = 0;
	if (p->tracer) {
		live_program_update(p);
		serve_hold(live, sink);
	}
	if (p->news.ended)
		live_program_send_output(p, &live->watch, sink); /* the last words, before the end is sent */
	/* the regions as they are where it stands: before its faults, which lie in them */
	if (stepping_stands(&live->stepping) && !live->status.dead &&
	    schedule_regions(&live->schedule, sink, &failure) < 0)
		schedule_want_maps(&live->schedule);
	take_faults(live, sink, true);
	take_reported_execs(live, sink);
	live_program_kill_when_due(p, clock_now_ns());
}

static int step(struct source *source, struct sink *sink, uint64_t budget_ns, struct err *err)
{
	struct live *live = (struct live *)source;
	live->watch.changed = false;
	if (!live->started)
		return first_picture(live, sink, err) == 0 ? 1 : -1;
	if (live->status.ended) {
		/* its children may still write */
		if (live->options.follow)
			live_program_send_output(&live->program, &live->watch, sink);
		return live->watch.changed;
	}
	sink = fault_reader_sink(&live->faults, sink);
	take_news(live, sink);
	bool stands = stepping_stands(&live->stepping), due = clock_now_ns() >= live->due_ns || stands;
	if (stands)
		stepping_send_calls(&live->stepping, &live->watch, &live->schedule, &live->names, sink);
	send_status(live, sink);
	if (due && !live->status.dead) {
		/* an exec seen from outside: its arguments come after its memory */
		if (live->status.nameless)
			send_identity(live, sink, false, NULL);
		look_now(live, sink, budget_ns);
		send_status(live, sink);
		send_sources(live, sink);
	}
	if (stands)
		stepping_send_stop(&live->stepping, &live->watch, sink);
	if (due)
		plan_next(live);
	return live->watch.changed;
}

static size_t poll_fds(struct source *source, struct pollfd *fds, size_t cap)
{
	struct live *live = (struct live *)source;
	const struct live_program *p = &live->program;
	bool dead = live->status.dead, ended = live->status.ended;
	if (!live->started || (ended && !live->options.follow))
		return 0;
	short terminal = pty_events(&p->pty);
	/* one that is born has the fd of the tracer of the launched one */
	const struct pollfd all[] = {
		{ .fd = p->tracer && !ended && !p->born ? tracer_fd(p->tracer) : -1, .events = POLLIN },
		{ .fd = terminal ? p->pty.master : -1, .events = terminal },
		{ .fd = !dead && !live_program_is_traced(p) ? live->status.pidfd : -1, .events = POLLIN },
		{ .fd = !dead ? fault_reader_fd(&live->faults) : -1, .events = POLLIN },
		{ .fd = code_names_fd(&live->names), .events = POLLIN },
	};
	size_t n = 0;
	for (size_t i = 0; i < sizeof all / sizeof *all && n < cap; i++)
		if (all[i].fd >= 0)
			fds[n++] = all[i];
	return n;
}

static uint64_t due_ns(struct source *source)
{
	struct live *live = (struct live *)source;
	if (!live->started)
		return 0;
	if (live->status.ended)
		return UINT64_MAX;
	bool held = live->program.news.hold != TRACEE_FREE && !waits_at_exit(live);
	if (held || fault_reader_is_full(&live->faults))
		return 0;
	uint64_t due = live->due_ns, next = stepping_due_ns(&live->stepping), kill = live->program.kill_ns;
	due = next < due ? next : due;
	return kill && kill < due ? kill : due;
}

static void focus(struct source *source, int32_t pid, uint64_t first, uint64_t end)
{
	struct live *live = (struct live *)source;
	if (pid == live->watch.pid)
		schedule_focus(&live->schedule, first, end);
}

static void locate(struct source *source, int32_t pid, uint64_t address, struct location *location)
{
	requests_locate(&((struct live *)source)->requests, pid, address, location);
}

static int inspect(struct source *source, int32_t pid, uint64_t page, unsigned what,
		   struct page_detail *detail, struct err *err)
{
	return requests_inspect(&((struct live *)source)->requests, pid, page, what, detail, err);
}

static int control(struct source *source, int32_t pid, enum control what, const struct control_arg *arg,
		   struct err *err)
{
	struct live *live = (struct live *)source;
	if (waits_at_exit(live) && (what == CONTROL_RESUME || what == CONTROL_STEP)) {
		live->exit_let = true;
		live->due_ns = 0;
		return 0;
	}
	if (what == CONTROL_PAUSE || what == CONTROL_STEP || what == CONTROL_FIGURES ||
	    what == CONTROL_EVICT || what == CONTROL_DROP || what == CONTROL_SYNC)
		live->due_ns = 0; /* there will be something to send */
	return requests_control(&live->requests, pid, what, arg, err);
}

static void destroy(struct source *source)
{
	struct live *live = (struct live *)source;
	live_program_fini(&live->program);
	if (live->reader) {
		live_status_fini(&live->status);
		fault_reader_fini(&live->faults);
		schedule_fini(&live->schedule);
		code_names_fini(&live->names);
	}
	thread_list_fini(&live->threads);
	source_states_fini(&live->sources);
	reader_close(live->reader);
	free(live);
}

static const struct source_ops live_ops = {
	.poll_fds = poll_fds,
	.due_ns = due_ns,
	.step = step,
	.sweep = sweep,
	.focus = focus,
	.inspect = inspect,
	.locate = locate,
	.control = control,
	.destroy = destroy,
};

static struct live *create(const struct live_options *options, struct world *world)
{
	struct live *live = mem_zalloc(sizeof *live);
	live->source.ops = &live_ops;
	live->options = *options;
	if (!live->options.interval_ns)
		live->options.interval_ns = INTERVAL_NS;
	live->watch.world = world;
	return live;
}

static void drain_faults(void *context, struct sink *sink)
{
	fault_reader_drain(context, sink);
}

/* The process is known: opens what it is watched by. */
static int open_process(struct live *live, struct err *err)
{
	struct live_options *o = &live->options;
	const char *root = o->reader.proc_root;
	bool in_files = root && strcmp(root, "/proc") != 0;
	live->watch.pid = live->program.pid;
	stepping_init(&live->stepping, &live->program, live->parent ? o->births_paused : o->paused);
	live->reader = reader_open(live->watch.pid, &o->reader, err);
	if (!live->reader)
		return -1;
	live_status_init(&live->status, live->watch.pid, in_files);
	schedule_init(&live->schedule, &live->watch, live->reader, &live->counters.balance, o->cache);
	code_names_init(&live->names, &live->watch, live->reader, o->share, o->names == LIVE_NAMES_NOW,
			o->reader.off[SOURCE_SYMBOLS]);
	struct process_stat stat;
	if (live->parent && !live->program.launched && o->faults &&
	    reader_stat(live->reader, &stat, NULL) == 0)
		live->unseen = stat.counters.minor + stat.counters.major;
	struct fault_parts parts = { &live->watch,    live->reader, &live->schedule,
				     &live->counters, &live->names, &live->program };
	struct fault_options faults = { .on = o->faults,
					.stacks = o->stacks,
					.held = live->program.launched && o->follow,
					.sample = o->sample,
					.small = live->parent != 0,
					.files = in_files,
					.off = o->reader.off };
	fault_reader_init(&live->faults, &parts, &faults);
	live->figures = (struct live_figures){ .regular = o->figures, .bytes = o->bytes };
	live->names.meanwhile = drain_faults;
	live->names.context = &live->faults;
	live->requests = (struct requests){ &live->watch,   live->reader,    &live->names,
					    &live->program, &live->stepping, &live->faults,
					    &live->status,  &live->figures,  o->reader.off[SOURCE_SYMBOLS] };
	return 0;
}

struct source *live_attach(int32_t *pid, const struct live_options *options, struct world *world,
			   struct err *err)
{
	struct live *live = create(options, world);
	*pid = tasks_process(options->reader.proc_root, *pid);
	live_program_attach(&live->program, *pid, NULL);
	if (open_process(live, err) == 0)
		return &live->source;
	destroy(&live->source);
	return NULL;
}

struct source *live_launch(char *const argv[], int rows, int columns, const struct live_options *options,
			   struct world *world, int32_t *pid, struct err *err)
{
	struct live *live = create(options, world);
	if (live_program_launch(&live->program, argv, rows, columns, options->own_input, options->follow,
				err) == 0) {
		*pid = live->program.pid;
		if (open_process(live, err) == 0)
			return &live->source;
		/* a set-user-ID program, say: it is not ours to look into, and was not asked for blind */
		live->program.kill_ns = clock_now_ns();
	}
	destroy(&live->source);
	return NULL;
}

struct live *live_of_source(struct source *source)
{
	return (struct live *)source;
}

struct source *live_source(struct live *live)
{
	return &live->source;
}

struct live *live_of_child(int32_t pid, int32_t parent, struct tracer *tracer, struct live *root,
			   const struct live_options *options, struct err *err)
{
	struct live *live = create(options, root->watch.world);
	live->parent = parent;
	live_program_attach(&live->program, pid, tracer);
	if (open_process(live, err) != 0) {
		destroy(&live->source);
		return NULL;
	}
	live->watch.began_ns = root->watch.began_ns;
	fault_reader_join(&live->faults, &root->faults);
	live->elder = &root->faults;
	return live;
}

struct live_facts live_facts(const struct live *live)
{
	const struct live_program *p = &live->program;
	return (struct live_facts){
		.pid = live->watch.pid,
		.started = live->started,
		.dead = live->status.dead,
		.ended = live->status.ended,
		.traced = live_program_is_traced(p),
		.program_ended = p->news.ended,
		.tracer_fd = p->tracer ? tracer_fd(p->tracer) : -1,
		.interval_ns = live->options.interval_ns,
		.reader = live->reader,
	};
}

struct live_program *live_program_of(struct live *live)
{
	return &live->program;
}

void live_send(struct live *live, struct sink *sink, struct event *e)
{
	watch_send(&live->watch, sink, e);
}
