/* A loop around a live source, for tests: waits, steps, keeps the world. */
#ifndef TESTS_WATCHING_H
#define TESTS_WATCHING_H

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "live/live.h"
#include "unit/check.h"

#define DEADLINE_NS (120 * CLOCK_SECOND)

struct watching {
	struct world *world;
	struct source *source;
	struct process *process;
	int32_t pid;
};

static inline struct watching watch_begin(struct live_options *o, const char *const argv[], int32_t pid)
{
	struct err err = { 0 };
	struct watching w = { .world = world_create(), .pid = pid };
	w.source = argv ? live_launch((char *const *)(uintptr_t)argv, 24, 80, o, w.world, &w.pid, &err)
			: live_attach(&w.pid, o, w.world, &err);
	if (!w.source || w.source->ops->sweep(w.source, &w.world->sink, &err) != 0)
		fail_msg("%s", err.text);
	w.process = world_find(w.world, w.pid);
	return w;
}

/* Does the kernel know the format of the program? One for 32 bits may be built where it cannot run. */
static inline bool watch_can_run(const char *program)
{
	const char *const argv[] = { program, NULL };
	pid_t pid;
	int failed = posix_spawn(&pid, program, NULL, NULL, (char **)(uintptr_t)argv, environ);
	assert_true(!failed || failed == ENOEXEC);
	if (failed)
		return false;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return true;
}

static inline struct watching watch_launch(const char *const argv[])
{
	struct live_options o;
	live_options_init(&o);
	o.interval_ns = 5 * CLOCK_MS;
	return watch_begin(&o, argv, 0);
}

static inline struct watching watch_attach(int32_t pid)
{
	struct live_options o;
	live_options_init(&o);
	o.interval_ns = 2 * CLOCK_MS;
	return watch_begin(&o, NULL, pid);
}

/* One step, with a sink before the world's. */
static inline void watch_step_to(struct watching *w, struct sink *sink)
{
	struct pollfd fds[8];
	struct err err = { 0 };
	size_t n = w->source->ops->poll_fds(w->source, fds, 8);
	uint64_t now = clock_now_ns(), due = w->source->ops->due_ns(w->source);
	poll(fds, (nfds_t)n,
	     due <= now                 ? 0
	     : due - now > CLOCK_SECOND ? 1000
					: (int)((due - now) / CLOCK_MS));
	if (w->source->ops->step(w->source, sink, 20 * CLOCK_MS, &err) < 0)
		fail_msg("%s", err.text);
}

static inline void watch_step(struct watching *w)
{
	watch_step_to(w, &w->world->sink);
}

#define WATCH_UNTIL(w, condition)                                                                            \
	for (uint64_t until_ = clock_now_ns() + DEADLINE_NS; !(condition); watch_step(w))                    \
		if (clock_now_ns() > until_)                                                                 \
	fail_msg("never: %s", #condition)

static inline void watch_control(struct watching *w, enum control c)
{
	struct err err = { 0 };
	if (w->source->ops->control(w->source, w->pid, c, &(struct control_arg){ 0 }, &err) != 0)
		fail_msg("%s", err.text);
}

static inline bool watch_output_has(const struct watching *w, const char *text)
{
	const char *line;
	for (size_t i = 0; (line = output_line(&w->process->output, i)); i++)
		if (strstr(line, text))
			return true;
	return false;
}

/* Where this program is, and a new folder for its files: not on a tmpfs, whose files are memory. */
static inline bool watch_place(const char *argv0, char program[static 4096], char folder[static 4096])
{
	const char *tmp = getenv("TMPDIR");
	snprintf(folder, 4096, "%s/pagescape.XXXXXX", tmp ? tmp : "/var/tmp");
	return realpath(argv0, program) && mkdtemp(folder);
}

static inline void watch_end(struct watching *w)
{
	w->source->ops->destroy(w->source);
	world_destroy(w->world);
}

#endif
