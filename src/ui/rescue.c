/* Giving the terminal back in an emergency.
 *
 * In a signal handler curses must not be called. So the bytes that undo everything are made ready when the
 * terminal is opened; rescue_now writes them and sets the saved modes, and both are async-signal-safe:
 *
 *   mouse off, attributes off, colours back, keypad off, cursor on, screen back
 *   \e[?1000l  sgr0            op            rmkx        cnorm      rmcup
 *
 * A process killed by SIGKILL cannot clean up. So a guard process waits for our end and does it then. It is
 * forked from a program that may have threads: it makes async-signal-safe calls only. The shell may have the
 * terminal again by then, with modes of its own: those it leaves alone. */
#include "ui/rescue.h"

#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#include "base/minmax.h"

/* A signal handler gets no argument. */
static struct {
	volatile sig_atomic_t armed;
	char bytes[256];
	size_t len;
	struct termios modes;
	pid_t guard; /* 0: none */
} rescue;

static void write_bytes(void)
{
	if (write(STDOUT_FILENO, rescue.bytes, rescue.len) < 0) {
		/* the terminal is gone: nothing to give back */
	}
}

void rescue_now(void)
{
	if (!rescue.armed)
		return;
	rescue.armed = 0;
	if (rescue.guard)
		kill(rescue.guard, SIGKILL);
	write_bytes();
	tcsetattr(STDOUT_FILENO, TCSANOW, &rescue.modes);
}

/* Waits for the end of the process that has the other end of the pipe. */
static void guard(int of_parent, pid_t group)
{
	struct pollfd end = { .fd = STDIN_FILENO, .events = POLLIN };

	setpgid(0, 0); /* so that signals to the whole job do not reach it */
	prctl(PR_SET_NAME, "pagescape-guard");
	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_IGN);
	if (dup2(of_parent, STDIN_FILENO) < 0)
		_exit(1);
	if (syscall(SYS_close_range, 2U, ~0U, 0U) != 0) /* before Linux 5.9 */
		for (int fd = 2; fd < 1024; fd++)
			close(fd);
	while (poll(&end, 1, -1) < 0 && errno == EINTR)
		;
	write_bytes();
	if (tcgetpgrp(STDOUT_FILENO) == group)
		tcsetattr(STDOUT_FILENO, TCSANOW, &rescue.modes);
	_exit(0);
}

static void set_guard(void)
{
	int self = (int)syscall(SYS_pidfd_open, getpid(), 0);
	pid_t group = getpgrp();

	if (self < 0) /* before Linux 5.3 */
		return;
	pid_t child = fork();
	if (child == 0)
		guard(self, group);
	rescue.guard = max(child, 0);
	close(self);
}

static void dismiss_guard(void)
{
	if (!rescue.guard)
		return;
	kill(rescue.guard, SIGKILL);
	while (waitpid(rescue.guard, NULL, 0) < 0 && errno == EINTR)
		;
	rescue.guard = 0;
}

static int put_byte(int byte)
{
	if (rescue.len < sizeof rescue.bytes)
		rescue.bytes[rescue.len++] = (char)byte;
	return byte;
}

static void put_capability(const char *capability)
{
	const char *text = tigetstr(capability);

	if (text && text != (const char *)-1)
		tputs(text, 1, put_byte);
}

void rescue_arm(bool mouse)
{
	static const char *const capabilities[] = { "sgr0", "op", "rmkx", "cnorm", "rmcup" };
	static const char mouse_off[] = "\033[?1000l\033[?1002l\033[?1003l\033[?1006l";

	rescue.len = 0;
	for (size_t i = 0; mouse && mouse_off[i]; i++)
		put_byte(mouse_off[i]);
	for (size_t i = 0; i < sizeof capabilities / sizeof *capabilities; i++)
		put_capability(capabilities[i]);
	rescue.armed = 1;
	set_guard();
}

void rescue_save(void)
{
	tcgetattr(STDOUT_FILENO, &rescue.modes);
}

void rescue_disarm(void)
{
	rescue.armed = 0;
	dismiss_guard();
	tcsetattr(STDOUT_FILENO, TCSADRAIN, &rescue.modes);
}
