/* The loop of watching without a terminal: wait, read, print, until there is nothing more to see.
 *
 * Signals only set a flag. They are blocked except while waiting, so that none is missed between
 * checking the flag and waiting. SIGPIPE has a handler instead of being ignored, because a launched
 * program would inherit that. */
#include "cmd/loop.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "event/sink.h"
#include "export/lines.h"

#define POLL_MAX 64
#define STEP_BUDGET (20 * CLOCK_MS)

static volatile sig_atomic_t ended_by;
static sigset_t waiting; /* the mask to wait with */
static bool caught;

static void note_signal(int number)
{
	ended_by = number;
}

static const int stops[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };
#define STOPS (sizeof stops / sizeof stops[0])

void loop_catch_signals(void)
{
	struct sigaction action = { .sa_handler = note_signal };
	struct sigaction old;
	sigset_t block;

	if (caught)
		return;
	caught = true;
	sigemptyset(&block);
	for (size_t i = 0; i < STOPS; i++) {
		sigaction(stops[i], NULL, &old);
		if (old.sa_handler == SIG_IGN) /* nohup */
			continue;
		sigaction(stops[i], &action, NULL);
		sigaddset(&block, stops[i]);
	}
	sigprocmask(SIG_BLOCK, &block, &waiting);
}

/* Waits for the source, or for the reader of our output to go away. */
static void wait_for(struct source *source)
{
	struct pollfd fds[POLL_MAX + 1] = { { .fd = STDOUT_FILENO } };
	size_t count = 1 + source->ops->poll_fds(source, fds + 1, POLL_MAX);
	uint64_t now = clock_now_ns(), due = source->ops->due_ns(source);
	uint64_t left = due > now ? due - now : 0;
	struct timespec timeout = { (time_t)(left / CLOCK_SECOND), (long)(left % CLOCK_SECOND) };

	if (ppoll(fds, count, due == UINT64_MAX ? NULL : &timeout, &waiting) > 0 && fds[0].revents & POLLERR)
		ended_by = SIGPIPE;
}

static bool any_alive(const struct world *world)
{
	for (size_t i = 0; i < world->count; i++)
		if (process_alive(world->processes[i]))
			return true;
	return false;
}

static int take_all(struct source *source, const struct world *world, struct sink *sink, bool (*done)(void *),
		    void *context, struct err *err)
{
	int result = world->count ? 0 : source->ops->sweep(source, sink, err);

	while (result >= 0 && !ended_by && any_alive(world) && !done(context)) {
		if (fflush(stdout) || ferror(stdout))
			break; /* the caller determines the reason */
		wait_for(source);
		result = source->ops->step(source, sink, STEP_BUDGET, err);
	}
	return result < 0 ? -1 : 0;
}

bool loop_pipe_broken(void)
{
	sigset_t pending;

	return sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE);
}

static void flush_output(void)
{
	if ((fflush(stdout) || ferror(stdout)) && loop_pipe_broken())
		ended_by = SIGPIPE;
}

int loop_until(struct source *source, const struct world *world, struct sink *sink, bool (*done)(void *),
	       void *context, struct err *err)
{
	loop_catch_signals();
	int result = take_all(source, world, sink, done, context, err);
	flush_output();
	return result == 0 ? ended_by : result;
}

static bool is_true(void *context)
{
	const bool *stop = context;

	return stop && *stop;
}

int loop_run(struct source *source, const struct world *world, struct sink *sink, int32_t launched,
	     const bool *stop, struct err *err)
{
	int result = loop_until(source, world, sink, is_true, (void *)stop, err);

	if (launched && any_alive(world))
		source->ops->control(source, launched, CONTROL_END, NULL, NULL);
	return result;
}

static void limit_take(struct sink *sink, const struct event *e)
{
	struct loop_limit *limit = (struct loop_limit *)sink;

	limit->over |=
	    (e->type == EVENT_TICK && e->time_ns >= limit->until_ns) || (limit->also && *limit->also);
}

void loop_limit_init(struct loop_limit *limit, const struct options *options, const bool *also)
{
	*limit = (struct loop_limit){
		.sink = { .take = limit_take },
		.until_ns = options_given(options, OPTION_FOR) ? options->time.for_ns : UINT64_MAX,
		.also = also,
	};
}

int loop_print(struct source *source, struct world *world, struct sink *more, int32_t launched,
	       struct err *err)
{
	struct lines lines;
	struct fanout fanout;
	int result;

	lines_init(&lines, stdout, world);
	fanout_init(&fanout, &world->sink);
	fanout_add(&fanout, &lines.sink);
	fanout_add(&fanout, more);
	result = loop_run(source, world, &fanout.sink, launched, NULL, err);
	lines_fini(&lines);
	flush_output();
	return result == 0 ? ended_by : result;
}

void loop_die_of(int number)
{
	sigset_t one;

	signal(number, SIG_DFL);
	raise(number);
	sigemptyset(&one);
	sigaddset(&one, number);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
}
