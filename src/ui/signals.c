/* Two kinds of signals.
 *
 * Those that can wait are written as one byte into a pipe that the main loop polls: handlers need no care
 * about what they interrupt, and the program ends in order. Which ones these are depends on the machine: all
 * that would end us, except those of a crash.
 *
 * Those of a crash cannot wait: they restore the terminal, reinstall the former handler, and let the crash
 * happen again, so that core dumps, sanitizers and exit statuses are what they would have been. */
#include "ui/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

#include "base/i18n.h"

#include "base/crash.h"

/* Handlers get no argument of ours: what they need is here. */
static int pipe_fds[2] = { -1, -1 };
static void (*crash_hook)(void);
static struct sigaction crash_before[NSIG];
static char crash_stack[64 * 1024];

/* Is it a signal that by default does nothing, or stops the program, or cannot be caught? */
static bool is_harmless(int number)
{
	return number == SIGCHLD || number == SIGURG || number == SIGTTIN || number == SIGTTOU ||
	       number == SIGSTOP || number == SIGKILL;
}

static void note(int number)
{
	int saved = errno;
	char byte = (char)number;

	if (write(pipe_fds[1], &byte, 1) < 0) {
		/* full: the loop has enough to wake up for */
	}
	errno = saved;
}

/* An instruction that faulted does so again as soon as the handler returns. */
static bool happens_again(int number, const siginfo_t *info)
{
	return info->si_code > 0 &&
	       (number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == SIGILL);
}

static void crash(int number, siginfo_t *info, void *context)
{
	(void)context;
	if (crash_before[number].sa_handler == SIG_IGN && info->si_code <= 0)
		return; /* sent by another process: it has no meaning here */
	if (crash_hook)
		crash_hook();
	sigaction(number, &crash_before[number], NULL);
	if (!happens_again(number, info))
		raise(number);
}

static void handle_waiting(int number)
{
	struct sigaction act = { .sa_handler = note, .sa_flags = SA_RESTART }, before;

	sigemptyset(&act.sa_mask);
	/* ignored signals (nohup) stay ignored, and existing handlers stay */
	if (sigaction(number, NULL, &before) == 0 && before.sa_handler == SIG_DFL)
		sigaction(number, &act, NULL); /* may fail for those that the C library keeps to itself */
}

static void handle_crash(int number)
{
	struct sigaction act = { .sa_sigaction = crash, .sa_flags = SA_SIGINFO | SA_ONSTACK };

	sigemptyset(&act.sa_mask);
	sigaction(number, &act, &crash_before[number]);
}

/* A stack that overflowed cannot run the handler; a sanitizer brings its own. */
static void make_crash_stack(void)
{
	stack_t stack = { .ss_sp = crash_stack, .ss_size = sizeof crash_stack };
	stack_t before;

	if (sigaltstack(NULL, &before) == 0 && (before.ss_flags & SS_DISABLE))
		sigaltstack(&stack, NULL);
}

int signals_open(void (*hook)(void), struct err *err)
{
	if (pipe2(pipe_fds, O_CLOEXEC | O_NONBLOCK) < 0)
		return err_system(err, errno, "%s", _("cannot wait for signals"));
	crash_hook = hook;
	make_crash_stack();
	for (int number = 1; number < NSIG; number++) {
		if (crash_signal(number))
			handle_crash(number);
		else if (!is_harmless(number))
			handle_waiting(number);
	}
	return 0;
}

void signals_close(void)
{
	struct sigaction act = { .sa_handler = SIG_DFL }, now;

	sigemptyset(&act.sa_mask);
	for (int number = 1; number < NSIG; number++) {
		if (crash_signal(number))
			sigaction(number, &crash_before[number], NULL);
		else if (sigaction(number, NULL, &now) == 0 && now.sa_handler == note)
			sigaction(number, &act, NULL);
	}
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
