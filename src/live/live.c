/* The live source: a running process as a stream of events.
 *
 *     first sweep   PROCESS, STATUS, SOURCE..., COUNTERS, MAP..., PAGES..., TICK    at time 0
 *     each step     OUTPUT, then as the look is due: what has changed, TICK
 *     exec          PROCESS (exec), then a picture of everything
 *     end           the last picture stays: a dying process's maps are empty, and
 *                   that is no news of its memory. STATUS says how it ended.
 *
 * A launched program is held at each exec and once more when it is about to end,
 * until its picture was taken: one sweep, so that even /bin/true is seen whole. */
#include "live/live_state.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"

#define INTERVAL_NS (50 * CLOCK_MS)
#define QUIET_INTERVAL_NS (250 * CLOCK_MS)
#define QUIET_AFTER_NS CLOCK_SECOND
#define OUTPUT_STEP (256 * 1024) /* bytes taken from the program's terminal in one step */
#define OUTPUT_CHUNK 16384
#define FAULTS_WAITING 1024 /* so many taken from the rings are not kept waiting */
#define FIRST_TRIES 5
#define EXEC_STOP_NS (20 * CLOCK_MS)

void live_options_init(struct live_options *options)
{
	*options = (struct live_options){ .interval_ns = INTERVAL_NS, .cache = true };
}

static void tell_output(struct live *live, struct sink *sink)
{
	char buffer[OUTPUT_CHUNK];
	size_t n;
	for (size_t sum = 0; sum < OUTPUT_STEP && (n = pty_read(&live->pty, buffer, sizeof buffer));
	     sum += n) {
		struct event e = { .type = EVENT_OUTPUT, .output = { buffer, n } };
		live_send(live, sink, &e);
	}
}

static void tell_tick(struct live *live, struct sink *sink)
{
	struct event e = { .type = EVENT_TICK };
	live_send(live, sink, &e);
}

/* A reading failed. That the memory is gone is told by the status, or is an exec that
 * the next step finds; that it may not be read any more becomes a source's word. */
static void take_failure(struct live *live, struct sink *sink, const struct err *failure)
{
	if (failure->code == ERR_GONE) {
		live->schedule.maps_wanted = true;
		return;
	}
	snprintf(live->maps_why, sizeof live->maps_why, "%s", failure->text);
	live->sources[SOURCE_MAPS].known = false;
	live->sources_ns = 0;
	live_tell_sources(live, sink);
}

static void take_success(struct live *live, int64_t differ)
{
	if (differ > 0)
		live->changed = true;
	if (*live->maps_why) {
		live->maps_why[0] = '\0';
		live->sources[SOURCE_MAPS].known = false;
	}
}

/* The whole picture, with all that belongs to it. */
static int64_t take_picture(struct live *live, struct sink *sink, struct err *err)
{
	bool moved, exec;
	schedule_counters(&live->schedule, &moved, &exec, NULL);
	live_tell_counters(live, sink);
	int64_t differ = schedule_everything(&live->schedule, sink, err);
	if (differ >= 0) {
		take_success(live, differ);
		tell_tick(live, sink);
	}
	return differ;
}

/* Did it become another program just now? Then the memory that was opened is gone, and it is not. */
static bool begins_anew(struct live *live, const struct err *err)
{
	struct process_stat now;
	if (err->code != ERR_GONE || reader_stat(live->reader, &now, NULL) != 0 ||
	    strchr("ZX", now.counters.state))
		return false;
	reader_renew(live->reader);
	schedule_forget(&live->schedule);
	return true;
}

static int64_t take_first(struct live *live, struct sink *sink, struct err *err)
{
	struct err failure = { 0 };
	int64_t differ = take_picture(live, sink, &failure);
	for (int i = 0; differ < 0 && i < FIRST_TRIES && begins_anew(live, &failure); i++) {
		failure = (struct err){ 0 };
		if (live_tell_identity(live, sink, true, &failure) == 0)
			differ = take_picture(live, sink, &failure);
	}
	if (differ < 0 && err)
		*err = failure;
	return differ;
}

static int first_picture(struct live *live, struct sink *sink, struct err *err)
{
	uint64_t began = live->schedule.began_ns ? live->schedule.began_ns : clock_now_ns();
	sink = live_faults_sink(live, sink);
	if (live->tracer)
		live->news = tracer_news(live->tracer);
	if (live_tell_identity(live, sink, false, err) != 0)
		return -1;
	live_tell_status(live, sink);
	live_tell_sources(live, sink);
	int64_t differ = take_first(live, sink, err);
	live_tell_threads(live, sink);
	live->schedule.began_ns = began;
	live->execs = live->news.execs;
	live->started = true;
	live->faults.known_ns = live_is_traced(live) ? 0 : clock_now_ns();
	live->schedule.moved_ns = clock_now_ns();
	live->due_ns = clock_now_ns() + live->options.interval_ns;
	live_tell_sources(live, sink); /* that the page cache is denied shows when it is asked */
	return differ < 0 ? -1 : 0;
}

static int sweep(struct source *source, struct sink *sink, struct err *err)
{
	struct live *live = (struct live *)source;
	struct err failure = { 0 };
	if (!live->started)
		return first_picture(live, sink, err);
	sink = live_faults_sink(live, sink);
	if (!live->dead && take_picture(live, sink, &failure) < 0)
		take_failure(live, sink, &failure);
	return 0;
}

/* It is another program now. */
static void take_exec(struct live *live, struct sink *sink)
{
	struct err failure = { 0 };
	live_take_faults(live, sink, false);
	live_names_forget(live);
	reader_renew(live->reader);
	schedule_forget(&live->schedule);
	if (live_tell_identity(live, sink, true, &failure) != 0 || take_picture(live, sink, &failure) < 0)
		take_failure(live, sink, &failure);
	live->execs = live->news.execs;
	live->schedule.moved_ns = clock_now_ns();
	live_tell_threads(live, sink);
}

/* The tracer holds the program for its picture. */
static void serve_hold(struct live *live, struct sink *sink)
{
	struct err failure = { 0 };
	if (live->news.execs != live->execs && live->exec_ahead)
		live->execs = live->news.execs;
	else if (live->news.execs != live->execs)
		take_exec(live, sink);
	else if (live->news.hold == TRACEE_AT_EXIT) {
		live_take_faults(live, sink, true);
		if (take_picture(live, sink, &failure) < 0)
			take_failure(live, sink, &failure);
	}
	if (live->news.hold == TRACEE_FREE)
		return;
	live->exec_ahead = false;
	tracer_go(live->tracer);
	live->news = tracer_news(live->tracer);
}

/* The new image is seen a moment before the tracer has its stop: else it would be told twice. */
static void await_exec_stop(struct live *live)
{
	uint64_t until = clock_now_ns() + EXEC_STOP_NS;
	live->news = tracer_news(live->tracer);
	while (live->news.execs == live->execs && clock_now_ns() < until) {
		struct pollfd fd = { .fd = tracer_fd(live->tracer), .events = POLLIN };
		poll(&fd, 1, 5);
		live->news = tracer_news(live->tracer);
	}
}

/* An exec that was seen by its traces. By another thread than the traced one: then
 * the tracer has lost it. */
static void take_seen_exec(struct live *live, struct sink *sink)
{
	if (live_is_traced(live)) {
		await_exec_stop(live);
		if (live->news.execs == live->execs)
			tracer_renew(live->tracer);
	} else if (live->tracer && live->news.stepping) { /* it is, or will be, held for that: told once */
		await_exec_stop(live);
		live->exec_ahead = live->news.execs == live->execs;
	}
	take_exec(live, sink);
}

static void look_now(struct live *live, struct sink *sink, uint64_t budget_ns)
{
	struct err failure = { 0 };
	bool moved, exec;
	if (schedule_counters(&live->schedule, &moved, &exec, &failure) != 0)
		return;
	if (exec || reader_is_renewed(live->reader)) {
		take_seen_exec(live, sink);
		return;
	}
	live_tell_counters(live, sink);
	live_tell_threads(live, sink);
	int64_t differ =
	    schedule_look(&live->schedule, sink, moved, live->options.interval_ns, budget_ns, &failure);
	if (differ < 0) {
		take_failure(live, sink, &failure);
		return;
	}
	take_success(live, differ);
	tell_tick(live, sink);
}

static void plan_next(struct live *live)
{
	uint64_t now = clock_now_ns();
	bool quiet = now - live->schedule.moved_ns > QUIET_AFTER_NS;
	uint64_t pause = live->options.interval_ns;
	if (quiet && pause < QUIET_INTERVAL_NS)
		pause = QUIET_INTERVAL_NS;
	live->due_ns = now + pause;
}

static int step(struct source *source, struct sink *sink, uint64_t budget_ns, struct err *err)
{
	struct live *live = (struct live *)source;
	live->changed = false;
	if (!live->started)
		return first_picture(live, sink, err) == 0 ? 1 : -1;
	if (live->ended) {
		/* its children may still write */
		if (live->options.follow)
			tell_output(live, sink);
		return live->changed;
	}
	sink = live_faults_sink(live, sink);
	live_names_tell(live, sink);
	pty_flush(&live->pty);
	tell_output(live, sink);
	live_drive(live);
	if (live->tracer) {
		live->news = tracer_news(live->tracer);
		serve_hold(live, sink);
	}
	if (live->news.ended)
		tell_output(live, sink); /* the last words, before the end is told */
	if (live_stands(live))
		live_read_regions(live, sink);
	live_take_faults(live, sink, true);
	uint64_t now = clock_now_ns();
	if (live->kill_ns && now >= live->kill_ns && live->launched) {
		tracer_signal(live->tracer, SIGKILL);
		live->kill_ns = UINT64_MAX;
	}
	bool stands = live_stands(live), due = now >= live->due_ns || stands;
	if (stands)
		live_tell_calls(live, sink);
	live_tell_status(live, sink);
	if (due && !live->dead) {
		/* an exec seen from outside: its arguments come after its memory */
		if (live->nameless)
			live_tell_identity(live, sink, false, NULL);
		look_now(live, sink, budget_ns);
		live_tell_status(live, sink);
		live_tell_sources(live, sink);
	}
	if (stands)
		live_tell_stop(live, sink);
	if (due)
		plan_next(live);
	return live->changed;
}

static size_t poll_fds(struct source *source, struct pollfd *fds, size_t cap)
{
	struct live *live = (struct live *)source;
	struct pollfd all[5];
	size_t n = 0;
	if (!live->started || (live->ended && !live->options.follow))
		return 0;
	if (live->tracer && !live->ended && !live->born)
		all[n++] = (struct pollfd){ .fd = tracer_fd(live->tracer), .events = POLLIN };
	if (pty_events(&live->pty))
		all[n++] = (struct pollfd){ .fd = live->pty.master, .events = pty_events(&live->pty) };
	if (live->pidfd >= 0 && !live->dead && !live_is_traced(live))
		all[n++] = (struct pollfd){ .fd = live->pidfd, .events = POLLIN };
	if (live->faults.capture && !live->dead)
		all[n++] = (struct pollfd){ .fd = faults_fd(live->faults.capture), .events = POLLIN };
	if (live->names.symbolizer && symbolizer_fd(live->names.symbolizer) >= 0)
		all[n++] = (struct pollfd){ .fd = symbolizer_fd(live->names.symbolizer), .events = POLLIN };
	n = n < cap ? n : cap;
	memcpy(fds, all, n * sizeof *all);
	return n;
}

static uint64_t due_ns(struct source *source)
{
	struct live *live = (struct live *)source;
	if (!live->started)
		return 0;
	if (live->ended)
		return UINT64_MAX;
	if (live->news.hold != TRACEE_FREE || live->faults.ahead.count >= FAULTS_WAITING)
		return 0;
	uint64_t due = live->due_ns;
	if (live->slow.interval_ns && live->news.paused && live->slow.next_ns < due)
		due = live->slow.next_ns;
	return live->kill_ns && live->kill_ns < due ? live->kill_ns : due;
}

static void focus(struct source *source, int32_t pid, uint64_t first, uint64_t end)
{
	struct live *live = (struct live *)source;
	if (pid == live->pid)
		schedule_focus(&live->schedule, first, end);
}

static void locate(struct source *source, int32_t pid, uint64_t address, struct location *location)
{
	struct live *live = (struct live *)source;
	const struct process *process = world_find(live->world, pid);
	*location = (struct location){ .file = "", .section = "", .symbol = "", .why = "" };
	if (!process || pid != live->pid)
		location->why = _("this process is not watched");
	else if (live->options.reader.off[SOURCE_SYMBOLS])
		location->why = reader_source(live->reader, SOURCE_SYMBOLS)->text;
	else
		live_names_locate(live, process, address, location);
}

void live_inspect_dead(const struct process *process, uint64_t page, struct page_detail *detail)
{
	const char *why = _("the process has ended");
	detail->page = page;
	detail->word = runs_at(process->space->pages, page).value;
	detail->has_entry = detail->has_frame = detail->has_kflags = false;
	detail->has_mapcount = detail->has_cached = false;
	detail->entry_why = detail->frame_why = detail->kflags_why = why;
	detail->mapcount_why = detail->cached_why = why;
	detail->bytes_len = 0;
	detail->bytes_why = why;
}

static int inspect(struct source *source, int32_t pid, uint64_t page, unsigned what,
		   struct page_detail *detail, struct err *err)
{
	struct live *live = (struct live *)source;
	const struct process *process = world_find(live->world, pid);
	if (!process || pid != live->pid)
		return err_set(err, ERR_NOT_FOUND, _("process %d is not watched"), pid);
	uint64_t address = page << process->space->page_shift;
	const struct region *region = space_find(process->space, address);
	struct err failure = { 0 };
	if (live->dead)
		live_inspect_dead(process, page, detail);
	else if (reader_inspect(live->reader, region ? &region->attr : NULL, page, what, detail, &failure) !=
		 0)
		live_inspect_dead(process, page, detail);
	locate(source, pid, address, &detail->location);
	return 0;
}

static void destroy(struct source *source)
{
	struct live *live = (struct live *)source;
	live_finish_end(live);
	tracer_destroy(live->tracer);
	pty_close(&live->pty);
	if (live->pidfd >= 0)
		close(live->pidfd);
	live_faults_fini(live);
	schedule_fini(&live->schedule);
	live_names_fini(live);
	task_list_fini(&live->threads.list);
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
	.control = live_control,
	.destroy = destroy,
};

static struct live *create(const struct live_options *options, struct world *world)
{
	struct live *live = mem_zalloc(sizeof *live);
	live->source.ops = &live_ops;
	live->options = *options;
	if (!live->options.interval_ns)
		live->options.interval_ns = INTERVAL_NS;
	live->world = world;
	live->pidfd = live->pty.master = live->pty.slave = -1;
	live_names_open(live);
	return live;
}

static int open_process(struct live *live, struct err *err)
{
	live->reader = reader_open(live->pid, &live->options.reader, err);
	if (!live->reader)
		return -1;
	schedule_init(&live->schedule, live->reader, live->world, live->pid, live->options.cache);
	/* what is in a captured tree of files is no process of this machine */
	const char *root = live->options.reader.proc_root;
	if (!root || !strcmp(root, "/proc"))
		live->pidfd = (int)syscall(SYS_pidfd_open, live->pid, 0);
	live_faults_open(live);
	modules_set_root(live->names.modules,
			 reader_root(live->reader)); /* once it has ended there is no way to it */
	return 0;
}

/* The process that a thread belongs to: threads share one picture. */
static int32_t process_of_thread(const char *proc_root, int32_t tid)
{
	struct status_lines status;
	return tasks_status(proc_root, tid, &status, NULL) == 0 && status.process ? status.process : tid;
}

struct source *live_attach(int32_t *pid, const struct live_options *options, struct world *world,
			   struct err *err)
{
	struct live *live = create(options, world);
	live->pid = *pid = process_of_thread(options->reader.proc_root, *pid);
	if (open_process(live, err) == 0)
		return &live->source;
	destroy(&live->source);
	return NULL;
}

struct live *live_of_child(int32_t pid, int32_t parent, struct tracer *tracer, uint64_t began_ns,
			   const struct live_options *options, struct world *world, struct err *err)
{
	struct live *live = create(options, world);
	live->pid = pid;
	live->parent = parent;
	live->tracer = tracer;
	live->born = tracer;
	if (open_process(live, err) != 0) {
		destroy(&live->source);
		return NULL;
	}
	live->schedule.began_ns = began_ns;
	return live;
}

struct source *live_launch(char *const argv[], int rows, int columns, const struct live_options *options,
			   struct world *world, int32_t *pid, struct err *err)
{
	struct live *live = create(options, world);
	pid_t child = 0;
	bool opened = pty_open(&live->pty, rows, columns, err) == 0;
	live->pty.own_input = options->own_input;
	if (opened && (live->tracer = tracer_launch(argv, &live->pty, options->follow, &child, err))) {
		live->pid = *pid = child;
		live->launched = true;
		if (open_process(live, err) == 0)
			return &live->source;
		/* a set-user-ID program, say: it is not ours to look into, and was not asked for blind */
		live->kill_ns = clock_now_ns();
	}
	destroy(&live->source);
	return NULL;
}
