/* The guard is forked from a program with threads: it makes async-signal-safe calls only. It sees by a
 * pidfd that its parent has ended, and holds nothing else of what was open: neither terminal. */
#include "lesson/temporary_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "base/strbuf.h"

static void remove_all(const struct temporary_folder *f)
{
	unlink(f->file);
	rmdir(f->path);
}

static void guard(const struct temporary_folder *f, int parent)
{
	struct pollfd end = { .fd = 0, .events = POLLIN };
	sigset_t none;

	setsid(); /* what ends us by our terminal is not for it */
	prctl(PR_SET_NAME, "pagescape-tmp");
	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (dup2(parent, 0) < 0)
		_exit(1);
	if (syscall(SYS_close_range, 1U, ~0U, 0U) != 0) /* before Linux 5.9 */
		for (int fd = 1; fd < 1024; fd++)
			close(fd);
	while (poll(&end, 1, -1) < 0 && errno == EINTR)
		;
	remove_all(f);
	_exit(0);
}

static void set_guard(struct temporary_folder *f)
{
	int parent = (int)syscall(SYS_pidfd_open, getpid(), 0);

	if (parent < 0) /* before Linux 5.3 */
		return;
	pid_t child = fork();
	if (child == 0)
		guard(f, parent);
	f->guard = max(child, 0);
	close(parent);
}

struct temporary_folder *temporary_folder_create(const char *name, struct err *err)
{
	const char *below = getenv("TMPDIR");
	struct temporary_folder *f = mem_zalloc(sizeof *f);
	struct strbuf path = { 0 }, file = { 0 };

	strbuf_printf(&path, "%s/pagescape-lesson.XXXXXX", below && *below == '/' ? below : "/var/tmp");
	f->path = path.text;
	if (!mkdtemp(f->path)) {
		err_system(err, errno, _("cannot make a folder for the program: %s"), f->path);
		free(f->path);
		free(f);
		return NULL;
	}
	strbuf_printf(&file, "%s/%s", f->path, name);
	f->file = file.text;
	set_guard(f);
	return f;
}

void temporary_folder_destroy(struct temporary_folder *f)
{
	if (!f)
		return;
	remove_all(f);
	if (f->guard) {
		kill(f->guard, SIGKILL);
		while (waitpid(f->guard, NULL, 0) < 0 && errno == EINTR)
			;
	}
	free(f->path);
	free(f->file);
	free(f);
}
