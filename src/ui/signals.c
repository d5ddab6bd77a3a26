/* Two kinds of signals. Those that can wait are written as one byte into a pipe that
 * the main loop polls: handlers then need no care about what they interrupt. Those
 * of a crash cannot wait: they give the terminal back, put the former handler in
 * place, and let the same fault happen again, so that core dumps, sanitizers and
 * exit statuses are what they would have been. */
#include "ui/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const int waiting[] = { SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP, SIGINT };
static const int crashing[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE };

/* Handlers have no argument of ours: what they need is here. */
static int pipe_fds[2] = { -1, -1 };
static void (*crash_hook)(void);
static struct sigaction crash_before[COUNT(crashing)];
static char crash_stack[64 * 1024];

static void note(int number)
{
	int saved = errno;
	char byte = (char)number;

	if (write(pipe_fds[1], &byte, 1) < 0) {
		/* full: the loop has enough to wake up for */
	}
	errno = saved;
}

static void crash(int number, siginfo_t *info, void *context)
{
	size_t i;

	if (crash_hook)
		crash_hook();
	for (i = 0; i < COUNT(crashing); i++)
		if (crashing[i] == number)
			sigaction(number, &crash_before[i], NULL);
	/* A fault of our own happens again as soon as we return. */
	if (info->si_code <= 0 || number == SIGABRT)
		raise(number);
}

static void handle_waiting(int number)
{
	struct sigaction act = { .sa_handler = note, .sa_flags = SA_RESTART }, before;

	sigemptyset(&act.sa_mask);
	if (sigaction(number, NULL, &before) == 0 && before.sa_handler == SIG_IGN)
		return; /* nohup meant it */
	sigaction(number, &act, NULL);
}

static void handle_crashes(void)
{
	struct sigaction act = { .sa_sigaction = crash, .sa_flags = SA_SIGINFO | SA_ONSTACK };
	stack_t stack = { .ss_sp = crash_stack, .ss_size = sizeof crash_stack };
	stack_t before;
	size_t i;

	sigemptyset(&act.sa_mask);
	/* a stack that overflowed cannot run the handler; a sanitizer brings its own */
	if (sigaltstack(NULL, &before) == 0 && (before.ss_flags & SS_DISABLE))
		sigaltstack(&stack, NULL);
	for (i = 0; i < COUNT(crashing); i++)
		sigaction(crashing[i], &act, &crash_before[i]);
}

int signals_open(void (*hook)(void))
{
	size_t i;

	if (pipe2(pipe_fds, O_CLOEXEC | O_NONBLOCK) < 0)
		return -1;
	for (i = 0; i < COUNT(waiting); i++)
		handle_waiting(waiting[i]);
	crash_hook = hook;
	handle_crashes();
	return 0;
}

void signals_close(void)
{
	struct sigaction act = { .sa_handler = SIG_DFL }, now;
	size_t i;

	sigemptyset(&act.sa_mask);
	for (i = 0; i < COUNT(waiting); i++)
		if (sigaction(waiting[i], NULL, &now) == 0 && now.sa_handler == note)
			sigaction(waiting[i], &act, NULL);
	for (i = 0; i < COUNT(crashing); i++)
		sigaction(crashing[i], &crash_before[i], NULL);
	close(pipe_fds[0]);
	close(pipe_fds[1]);
	pipe_fds[0] = pipe_fds[1] = -1;
}

int signals_fd(void)
{
	return pipe_fds[0];
}

int signals_take(void)
{
	unsigned char byte;

	return read(pipe_fds[0], &byte, 1) == 1 ? byte : 0;
}

void signals_stop_job(void)
{
	struct sigaction act = { .sa_handler = SIG_DFL }, before;

	sigemptyset(&act.sa_mask);
	if (sigaction(SIGTSTP, &act, &before) < 0)
		return;
	kill(0, SIGTSTP); /* the shell waits for the job, not for us alone */
	sigaction(SIGTSTP, &before, NULL);
}
