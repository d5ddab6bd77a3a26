/* The live source: a running process as a stream of events.
 *
 *     first sweep   PROCESS, STATUS, SOURCE..., COUNTERS, MAP..., PAGES..., TICK    at time 0
 *     each step     OUTPUT, then as the look is due: what has changed, TICK
 *     exec          PROCESS (exec), then a picture of everything
 *     end           the last picture stays (the maps of a dying process are empty); STATUS
 *
 * A launched program is held at each exec and once more when it is about to end, until its picture is taken:
 * one sweep, so that even /bin/true is seen whole. This file decides the order of things; the parts of struct
 * live do them. */
#include "live/live.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "kern/procfile.h"
#include "live/exec_reader.h"
#include "live/requests.h"
#include "live/silent_copies.h"
#include "live/stepping.h"
#include "live/unseen_life.h"

#define INTERVAL_NS (50 * CLOCK_MS)
#define QUIET_INTERVAL_NS (250 * CLOCK_MS)
#define CHILD_FIGURES_NS (200 * CLOCK_MS) /* the kernel's figures are read for a child that lives this long */
#define QUIET_AFTER_NS CLOCK_SECOND
#define MUCH 4096 /* private pages */

struct live {
	struct source source; /* first */
	struct live_options options;
	struct watch watch;
	struct descent descent;
	struct reader *reader;
	struct live_program program;
	struct live_status status;
	struct stepping stepping;
	struct live_picture picture;
	struct fault_reader faults;
	struct code_names names;
	struct exec_reader execs;
	struct requests requests;
	struct live *elder; /* its rings see all forks, see descent; NULL: this is the elder */
	bool identified;    /* its identity was sent */
	bool started;       /* the first picture was taken */
	bool failed;        /* the first picture could not be taken */
	uint64_t due_ns;    /* CLOCK_MONOTONIC: when the next look is due */
};

void live_options_init(struct live_options *options)
{
	*options = (struct live_options){ .interval_ns = INTERVAL_NS, .cache = true };
}

static struct status_voices voices(struct live *live)
{
	return (struct status_voices){
		.traced = live_program_is_traced(&live->program),
		.imaged = exec_reader_has_executed(&live->execs),
		.news = live_program_news(&live->program),
		.counters = live_picture_counters(&live->picture),
		.reader = live->reader,
	};
}

/* It has ended: takes what came up to then. */
static void take_rest(struct live *live, struct sink *sink)
{
	fault_reader_take(&live->faults, sink, false);
	exec_reader_take_last(&live->execs, sink);
}

static void send_status(struct live *live, struct sink *sink)
{
	struct status_voices v = voices(live);
	live_status_check(&live->status, &v);
	bool dead = live_status_is_dead(&live->status);
	if (dead && !live_status_is_ended(&live->status) && live->started)
		take_rest(live, sink); /* before its end is reported */
	/* a recording until the end gets the names of the last faults too; looking them up does not cost the
	 * program any time */
	bool waits = dead && live->started && code_names_awaited(&live->names);
	if (waits && !live->options.forks && !live->watch.ended_ns)
		live->watch.ended_ns = clock_now_ns();
	if (waits)
		return;
	live_status_send(&live->status, &v, &live->watch, sink);
	if (!live_status_is_ended(&live->status))
		live->watch.ended_ns = 0;
}

/* The time when the watch began: its own, or that of several. */
static uint64_t find_beginning(const struct live *live)
{
	uint64_t *shared = live->options.began_ns;
	if (live->watch.began_ns)
		return live->watch.began_ns;
	if (!shared)
		return clock_now_ns();
	if (!*shared)
		*shared = clock_now_ns();
	return *shared;
}

/* Sends which programs it was before it was found. False: as far as is known, it still runs what was
 * forked. */
static bool send_past(struct live *live, struct sink *sink)
{
	uint64_t since_ns;
	struct unseen_process *past =
	    live->elder && !live_program_is_born(&live->program)
		? fault_reader_joined_past(&live->elder->faults, sink, &live->faults, live->watch.pid,
					   &since_ns)
		: NULL;
	return past && unseen_life_send_past(&live->watch, sink, past, since_ns);
}

static int take_beginning(struct live *live, struct sink *sink, struct err *err)
{
	uint64_t began = find_beginning(live);
	sink = fault_reader_sink(&live->faults, sink);
	live_program_update(&live->program);
	bool became = send_past(live, sink);
	if (exec_reader_identify(&live->execs, sink, became, err) != 0)
		return -1;
	live->identified = true;
	descent_send_unseen(&live->descent, live->reader, &live->faults, &live->watch, sink);
	send_status(live, sink);
	live_picture_send_sources(&live->picture, sink, true);
	int taken = exec_reader_take_first(&live->execs, sink, became, err);
	send_status(live, sink); /* the counters show whether it is stopped */
	live_picture_send_threads(&live->picture, sink);
	live_picture_send_sources(&live->picture, sink,
				  true); /* a denial of the page cache shows only once it was used */
	live->watch.began_ns = began;
	exec_reader_begin(&live->execs);
	live->started = true;
	fault_reader_know_from(&live->faults, live_program_is_traced(&live->program) ? 0 : clock_now_ns());
	watch_note_move(&live->watch);
	live->due_ns = clock_now_ns() + live->options.interval_ns;
	return taken;
}

static int first_picture(struct live *live, struct sink *sink, struct err *err)
{
	if (live->failed)
		return err_set(err, ERR_GONE, _("process %d has ended"), (int)live->watch.pid);
	live->failed = take_beginning(live, sink, err) != 0;
	if (live->failed && live->identified)
		take_rest(live, fault_reader_sink(&live->faults, sink));
	if (live->elder)
		fault_reader_settle_joined(&live->elder->faults, live->watch.pid, live->identified, false);
	return live->failed ? -1 : 0;
}

static int sweep(struct source *source, struct sink *sink, struct err *err)
{
	struct live *live = (struct live *)source;
	struct err failure = { 0 };
	if (!live->started)
		return first_picture(live, sink, err);
	sink = fault_reader_sink(&live->faults, sink);
	if (!live_status_is_dead(&live->status) && live_picture_take(&live->picture, sink, &failure) < 0)
		live_picture_note_failure(&live->picture, sink, &failure);
	return 0;
}

/* It is about to end: takes the last picture. */
static void take_end(struct live *live, struct sink *sink)
{
	struct err failure = { 0 };
	fault_reader_take(&live->faults, sink, true);
	if (live_picture_take(&live->picture, sink, &failure) < 0)
		live_picture_note_failure(&live->picture, sink, &failure);
	const struct process *process = watch_process(&live->watch);
	if (process)
		silent_copies_send(live->reader, sink, process, watch_now(&live->watch));
	if (live->options.exit_paused && !live->descent.parent)
		stepping_send_exit(&live->stepping, &live->watch, sink);
}

/* The tracer holds the program for its picture. */
static void serve_hold(struct live *live, struct sink *sink)
{
	struct live_program *p = &live->program;
	if (stepping_waits_at_exit(&live->stepping))
		return;
	if (!exec_reader_take_held(&live->execs, sink) && live_program_news(p)->hold == TRACEE_AT_EXIT &&
	    !stepping_has_let_exit(&live->stepping))
		take_end(live, sink);
	if (live_program_news(p)->hold == TRACEE_FREE || stepping_waits_at_exit(&live->stepping))
		return;
	exec_reader_go_on(&live->execs);
	live_program_go(p);
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

/* Takes what has come from the program and its tracer since the last step. -1: the program cannot be stopped where it was
 * to stay. */
static int take_news(struct live *live, struct sink *sink, struct err *err)
{
	struct live_program *p = &live->program;
	struct schedule *schedule = live_picture_schedule(&live->picture);
	struct err failure = { 0 };
	code_names_send(&live->names, sink);
	live_program_flush(p);
	live_program_send_output(p, &live->watch, sink);
	int driven = stepping_drive(&live->stepping, err);
	if (driven < 0)
		return -1;
	if (driven)
		live->due_ns = 0;
	if (live_program_has_tracer(p)) {
		live_program_update(p);
		serve_hold(live, sink);
	}
	if (live_program_news(p)->ended)
		live_program_send_output(p, &live->watch, sink); /* its last output, before its end is sent */
	/* its calls, after the faults before them: what they removed is found when regions are read */
	if (stepping_stands(&live->stepping) && stepping_take_calls(&live->stepping)) {
		fault_reader_take(&live->faults, sink, true);
		stepping_send_calls(&live->stepping, &live->watch, &live->names, sink);
	}
	/* the regions as they are now that it has stopped: before its faults, which lie in them */
	if (stepping_stands(&live->stepping) && !live_status_is_dead(&live->status) &&
	    schedule_regions(schedule, sink, &failure) < 0)
		schedule_want_maps(schedule);
	fault_reader_take(&live->faults, sink, true);
	exec_reader_take_reported(&live->execs, sink);
	live_program_kill_when_due(p, clock_now_ns());
	return 0;
}

static int step(struct source *source, struct sink *sink, uint64_t budget_ns, struct err *err)
{
	struct live *live = (struct live *)source;
	live->watch.changed = false;
	if (live->failed)
		return 0;
	if (!live->started)
		return first_picture(live, sink, err) == 0 ? 1 : -1;
	if (live_status_is_ended(&live->status)) {
		/* its children may still write */
		if (live->options.forks)
			live_program_send_output(&live->program, &live->watch, sink);
		return live->watch.changed;
	}
	sink = fault_reader_sink(&live->faults, sink);
	if (take_news(live, sink, err) < 0)
		return -1;
	bool stands = stepping_stands(&live->stepping), due = clock_now_ns() >= live->due_ns || stands;
	if (stands)
		stepping_read_calls(&live->stepping, &live->watch, live_picture_schedule(&live->picture),
				    sink);
	send_status(live, sink);
	if (due && !live_status_is_dead(&live->status)) {
		/* after an exec seen from outside, the arguments come later than the memory */
		if (live_status_is_nameless(&live->status))
			exec_reader_identify(&live->execs, sink, false, NULL);
		if (!live_picture_update(&live->picture, sink, live->options.interval_ns, budget_ns))
			exec_reader_take_seen(&live->execs, sink);
		send_status(live, sink);
		live_picture_send_sources(&live->picture, sink, false);
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
	bool dead = live_status_is_dead(&live->status), ended = live_status_is_ended(&live->status);
	if (!live->started || (ended && !live->options.forks))
		return 0;
	/* a child of a launched program shares its tracer's fd */
	const struct pollfd all[] = {
		{ .fd = !ended && !live_program_is_born(p) ? live_program_tracer_fd(p) : -1,
		  .events = POLLIN },
		live_program_terminal(p),
		{ .fd = !dead && !live_program_is_traced(p) ? live_status_pidfd(&live->status) : -1,
		  .events = POLLIN },
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
	if (live_status_is_ended(&live->status) || live->failed)
		return UINT64_MAX;
	if (!live->started)
		return 0;
	bool held = live_program_news(&live->program)->hold != TRACEE_FREE &&
		    !stepping_waits_at_exit(&live->stepping);
	if (held || fault_reader_is_full(&live->faults))
		return 0;
	uint64_t next = stepping_due_ns(&live->stepping), kill = live_program_kill_ns(&live->program);
	return min(min(next, live->due_ns), kill);
}

static void focus(struct source *source, int32_t pid, uint64_t first, uint64_t end)
{
	struct live *live = (struct live *)source;
	if (pid == live->watch.pid)
		schedule_focus(live_picture_schedule(&live->picture), first, end);
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

static int64_t read_frames(struct source *source, int32_t pid, uint64_t first, size_t n, uint64_t *frames,
			   struct err *err)
{
	struct live *live = (struct live *)source;
	const struct err *failure = reader_source(live->reader, SOURCE_FRAMES);
	if (failure->code)
		return err_set(err, failure->code, "%s", failure->text);
	if (live_status_is_dead(&live->status))
		return err_set(err, ERR_GONE, _("process %d has ended"), (int)pid);
	return (int64_t)reader_frames(live->reader, first, frames, n);
}

static int read_frame_words(struct source *source, int32_t pid, enum source_kind what, uint64_t frame,
			    size_t n, uint64_t *words, struct err *err)
{
	return reader_frame_words(((struct live *)source)->reader, what, frame, n, words, err);
}

static int control(struct source *source, int32_t pid, enum control what, const struct control_arg *arg,
		   struct err *err)
{
	struct live *live = (struct live *)source;
	if ((what == CONTROL_RESUME || what == CONTROL_STEP) && stepping_let_exit(&live->stepping)) {
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
		live_picture_fini(&live->picture);
		code_names_fini(&live->names);
	}
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
	.frames = read_frames,
	.frame_words = read_frame_words,
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
	live->watch.began_ns = options->began_ns ? *options->began_ns : 0;
	return live;
}

/* Does a process have so much private memory that its child may cause many copies? */
static bool has_much(const struct process *process)
{
	uint64_t counts[PAGE_STATES] = { 0 };
	if (process)
		space_add_counts(process->space, counts);
	return page_sum(counts, page_state_private) > MUCH;
}

static void drain_faults(void *context, struct sink *sink)
{
	fault_reader_drain(context, sink);
}

/* Opens everything that is needed to watch the process. */
static int open_process(struct live *live, struct err *err)
{
	struct live_options *o = &live->options;
	const char *root = o->reader.proc_root;
	bool in_files = procfile_is_captured(root), launched = live_program_is_launched(&live->program);
	live->watch.pid = live_program_pid(&live->program);
	stepping_init(&live->stepping, &live->program, live->descent.parent ? o->births_paused : o->paused);
	live->reader = reader_open(live->watch.pid, &o->reader, err);
	if (!live->reader)
		return -1;
	live_status_init(&live->status, live->watch.pid, in_files);
	live_picture_init(&live->picture, &live->watch, live->reader, &live->faults, o->reader.off, o->cache);
	code_names_init(&live->names, &live->watch, live->reader, o->share, o->names == LIVE_NAMES_NOW,
			o->reader.off[SOURCE_SYMBOLS]);
	live->descent.found = live->watch.began_ns && !launched && o->faults;
	struct fault_parts parts = {
		&live->watch,
		live->reader,
		live_picture_schedule(&live->picture),
		live_picture_counters(&live->picture),
		&live->names,
		&live->program,
		&live->status,
		&live->stepping,
	};
	struct fault_options faults = { .on = o->faults,
					.stacks = o->stacks && !(live->descent.parent && o->bare_children),
					.held = launched && o->forks,
					.sample = o->sample,
					.small = live->descent.parent || o->several,
					.heir = has_much(world_find(live->watch.world, live->descent.parent)),
					.pool = o->pool,
					.stack_bytes =
					    live->elder ? fault_reader_sampled(&live->elder->faults) : 0,
					.child = live->descent.parent != 0,
					.heirs = o->heirs && !live->descent.parent,
					.files = in_files,
					.off = o->reader.off };
	fault_reader_init(&live->faults, &parts, &faults);
	struct live_figures *figures = live_picture_figures(&live->picture);
	bool later = live->descent.parent && live->watch.began_ns;
	live_figures_init(figures, o->figures, o->bytes, later ? clock_now_ns() + CHILD_FIGURES_NS : 0);
	exec_reader_init(&live->execs,
			 &(struct exec_parts){ &live->watch, live->reader, &live->program, &live->status,
					       &live->picture, &live->faults, &live->names, &live->descent });
	code_names_set_meanwhile(&live->names, drain_faults, &live->faults);
	live->requests = (struct requests){ &live->watch,   live->reader,    &live->names,
					    &live->program, &live->stepping, &live->faults,
					    &live->status,  figures,         o->reader.off[SOURCE_SYMBOLS] };
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
	if (live_program_launch(&live->program, argv, rows, columns, options->own_input, options->forks,
				err) == 0) {
		*pid = live_program_pid(&live->program);
		if (open_process(live, err) == 0)
			return &live->source;
		/* a set-user-ID program, for example: we may not look into it, and running it unwatched was
		 * not requested */
		live_program_give_up(&live->program);
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

struct live *live_of_child(int32_t pid, int32_t parent, struct tracer *tracer, struct live *elder,
			   struct world *world, const struct live_options *options, struct err *err)
{
	struct live *live = create(options, world);
	live->descent.parent = parent;
	live->elder = elder;
	live_program_attach(&live->program, pid, tracer);
	if (open_process(live, err) != 0) {
		destroy(&live->source);
		return NULL;
	}
	fault_reader_join(&live->faults, &elder->faults);
	live->descent.elder = &elder->faults;
	return live;
}

struct live_facts live_facts(const struct live *live)
{
	const struct live_program *p = &live->program;
	return (struct live_facts){
		.pid = live->watch.pid,
		.started = live->started,
		.dead = live_status_is_dead(&live->status),
		.ended = live_status_is_ended(&live->status) || live->failed,
		.elder = live->elder,
		.traced = live_program_is_traced(p),
		.program_ended = live_program_news(p)->ended,
		.tracer_fd = live_program_tracer_fd(p),
		.interval_ns = live->options.interval_ns,
		.forks = fault_reader_forks(&live->faults),
		.reader = live->reader,
	};
}

bool live_take_unseen(struct live *live, struct unseen_process *process)
{
	return fault_reader_take_unseen(&live->faults, process);
}

bool live_unseen_was_reported(const struct live *live, int32_t pid)
{
	return fault_reader_unseen_was_reported(live->elder ? &live->elder->faults : &live->faults, pid);
}

void live_note_over(struct live *live)
{
	if (live->elder)
		fault_reader_settle_joined(&live->elder->faults, live->watch.pid, true, true);
}

void live_send_unseen(const struct live *live, struct sink *sink, const struct unseen_process *process)
{
	unseen_life_send(&live->watch, sink, process);
}

struct live_program *live_program_of(struct live *live)
{
	return &live->program;
}

void live_send(struct live *live, struct sink *sink, struct event *e)
{
	watch_send(&live->watch, sink, e);
}
