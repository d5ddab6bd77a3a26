/* A pseudo-terminal; nothing here waits for it.
 *
 * The slave is closed on our side once the program has it. Reading the master then ends in EIO when the last
 * process has closed the terminal and all that was written has been read, so that a program's last output is
 * not lost. EIO need not be the end: a program that has closed its terminal can open /dev/tty again. */
#include "trace/pty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"

#define UNSENT_MAX 65536

void pty_init(struct pty *pty)
{
	*pty = (struct pty){ .master = -1, .slave = -1 };
}

int pty_open(struct pty *pty, int rows, int columns, bool own_input, struct err *err)
{
	pty_init(pty);
	pty->own_input = own_input;
	char name[64];
	pty->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (pty->master < 0 || grantpt(pty->master) || unlockpt(pty->master) ||
	    ptsname_r(pty->master, name, sizeof name) ||
	    (pty->slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)) < 0 ||
	    fcntl(pty->master, F_SETFL, O_NONBLOCK) != 0) {
		err_system(err, errno, "%s", _("cannot open a terminal for the program"));
		pty_close(pty);
		return -1;
	}
	pty_resize(pty, rows, columns);
	return 0;
}

void pty_close_slave(struct pty *pty)
{
	if (pty->slave >= 0)
		close(pty->slave);
	pty->slave = -1;
}

void pty_close(struct pty *pty)
{
	pty_close_slave(pty);
	if (pty->master >= 0)
		close(pty->master);
	pty->master = -1;
	strbuf_fini(&pty->unsent);
}

int pty_enter(const struct pty *pty)
{
	if (setsid() < 0 || ioctl(pty->slave, TIOCSCTTY, 0) != 0)
		return -1;
	int first = pty->own_input ? 1 : 0;
	for (int fd = first; fd <= 2; fd++)
		if (dup2(pty->slave, fd) < 0)
			return -1;
	/* if the slave already is one of the three, close-on-exec is still set */
	for (int fd = first; fd <= 2; fd++)
		if (fcntl(fd, F_SETFD, 0) < 0)
			return -1;
	return 0;
}

void pty_resize(const struct pty *pty, int rows, int columns)
{
	if (rows <= 0 || columns <= 0 || pty->master < 0)
		return;
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };
	ioctl(pty->master, TIOCSWINSZ, &size);
}

size_t pty_read(struct pty *pty, char *buffer, size_t size)
{
	if (pty->master < 0)
		return 0;
	ssize_t n = read(pty->master, buffer, size);
	pty->hung = n < 0 && errno == EIO;
	return n > 0 ? (size_t)n : 0;
}

void pty_flush(struct pty *pty)
{
	while (pty->master >= 0 && pty->unsent.len) {
		ssize_t n = write(pty->master, pty->unsent.text, pty->unsent.len);
		if (n <= 0)
			return;
		struct strbuf rest = { 0 };
		strbuf_add(&rest, pty->unsent.text + n, pty->unsent.len - (size_t)n);
		strbuf_fini(&pty->unsent);
		pty->unsent = rest;
	}
}

int pty_send(struct pty *pty, const char *bytes, size_t len, struct err *err)
{
	if (pty->master < 0)
		return err_set(err, ERR_GONE, "%s", _("the program no longer has a terminal"));
	if (pty->unsent.len + len > UNSENT_MAX)
		return err_set(err, ERR_SYSTEM, "%s",
			       _("the program does not read its terminal: nothing more was sent"));
	strbuf_add(&pty->unsent, bytes, len);
	pty_flush(pty);
	return 0;
}

struct pollfd pty_poll(const struct pty *pty)
{
	/* a terminal that nothing has open is always readable (EIO): it is checked now and then instead */
	if (pty->master < 0 || pty->hung)
		return (struct pollfd){ .fd = -1 };
	return (struct pollfd){ .fd = pty->master,
				.events = (short)(POLLIN | (pty->unsent.len ? POLLOUT : 0)) };
}

/* The keeper: reads and discards. Async-signal-safe calls only, because it was forked from a program with
 * threads. */
static void keep_terminal(int master, int program)
{
	char buffer[4096];
	for (bool alive = true;;) {
		struct pollfd fds[2] = { { .fd = master, .events = POLLIN },
					 { .fd = program, .events = POLLIN } };
		ssize_t n = read(master, buffer, sizeof buffer);
		if (n > 0)
			continue;
		bool hung = n < 0 && errno == EIO;
		if (hung && !alive)
			return;
		/* after a hang-up only the program's end matters, and whether it opens /dev/tty again */
		if (hung)
			fds[0].fd = -1;
		if (!alive)
			fds[1].fd = -1;
		poll(fds, 2, hung ? 1000 : -1);
		if (fds[1].fd >= 0 && fds[1].revents)
			alive = false;
	}
}

static void become_keeper(int master, int program)
{
	setsid();
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	signal(SIGHUP, SIG_IGN);
	prctl(PR_SET_NAME, "pagescape-tty");
	if (chdir("/") != 0)
		_exit(1);
	/* nothing of ours stays open: 0 and 1 are the two files that it needs */
	if (dup2(master, 3) < 0 || dup2(program, 4) < 0)
		_exit(1);
	int null = open("/dev/null", O_RDWR);
	for (int fd = 0; fd <= 2 && null >= 0; fd++)
		dup2(null, fd);
	if (syscall(SYS_close_range, 5U, ~0U, 0U) != 0) /* before Linux 5.9 */
		for (int fd = 5; fd < 1024; fd++)
			close(fd);
	keep_terminal(3, 4);
	_exit(0);
}

int pty_leave(struct pty *pty, pid_t program, struct err *err)
{
	if (pty->master < 0)
		return 0;
	int pidfd = (int)syscall(SYS_pidfd_open, program, 0);
	if (pidfd < 0)
		return err_system(err, errno, "%s",
				  _("cannot hand the program's terminal to a process of its own"));
	/* above the numbers that the keeper uses */
	int master = fcntl(pty->master, F_DUPFD_CLOEXEC, 16), watched = fcntl(pidfd, F_DUPFD_CLOEXEC, 16);
	close(pidfd);
	/* forked twice: the keeper is not a child of ours that has to be waited for */
	pid_t child = master >= 0 && watched >= 0 ? fork() : -1;
	if (child == 0) {
		pid_t keeper = fork();
		if (keeper == 0)
			become_keeper(master, watched);
		_exit(keeper < 0);
	}
	int saved = errno, status = -1;
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (master >= 0)
		close(master);
	if (watched >= 0)
		close(watched);
	if (status != 0)
		return err_system(err, child < 0 ? saved : EAGAIN, "%s",
				  _("cannot hand the program's terminal to a process of its own"));
	pty_close(pty);
	return 0;
}
