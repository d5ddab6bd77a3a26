/* From a program's name to a process that is about to exec it.
 *
 *     parent                              child
 *     fork ------------------------------> waits for one byte
 *     makes itself the tracer
 *     one byte --------------------------> session, terminal, signals; exec
 *     exec worked: the kernel stops the child, before its first instruction
 *     exec failed: reads errno  <--------- writes errno, exits 127
 *
 * The name is looked up as execvp does, but a file that is neither a program nor begins with "#!" is not
 * given to a shell. */
#include "trace/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/language.h"
#include "base/mem.h"
#include "base/text.h"

static void add_path(struct launch *launch, size_t *count, size_t *cap, char *path)
{
	mem_grow(launch->paths, *cap, *count + 2);
	launch->paths[(*count)++] = path;
	launch->paths[*count] = NULL;
}

static char *join_path(const char *folder, size_t len, const char *name)
{
	size_t name_len = strlen(name);
	char *path = mem_alloc(len + name_len + 2);
	memcpy(path, folder, len);
	size_t slash = len > 0; /* an empty element of PATH is the current folder */
	if (slash)
		path[len] = '/';
	memcpy(path + len + slash, name, name_len + 1);
	return path;
}

static void find_paths(struct launch *launch, const char *name)
{
	size_t count = 0, cap = 0;
	if (strchr(name, '/') || !*name) {
		add_path(launch, &count, &cap, mem_strdup(name));
		return;
	}
	const char *path = getenv("PATH");
	if (!path)
		path = "/bin:/usr/bin";
	for (;;) {
		size_t len = strcspn(path, ":");
		add_path(launch, &count, &cap, join_path(path, len, name));
		if (!path[len])
			return;
		path += len + 1;
	}
}

/* Our original environment, except TERM: the panel shows lines and is not a terminal emulator. */
static void make_environment(struct launch *launch)
{
	char **given = language_environment();
	size_t n = 0, kept = 0;
	while (given[n])
		n++;
	launch->environment = mem_alloc((n + 2) * sizeof(char *));
	for (size_t i = 0; i < n; i++)
		if (!text_begins(given[i], "TERM="))
			launch->environment[kept++] = given[i];
	static char term[] = "TERM=dumb";
	launch->environment[kept++] = term;
	launch->environment[kept] = NULL;
}

int launch_init(struct launch *launch, char *const argv[], const struct pty *pty, struct err *err)
{
	*launch = (struct launch){ .argv = argv, .pty = pty, .go = { -1, -1 }, .failure = { -1, -1 } };
	if (!argv[0])
		return err_set(err, ERR_USAGE, "%s", _("no program was named"));
	if (pipe2(launch->go, O_CLOEXEC) != 0 || pipe2(launch->failure, O_CLOEXEC) != 0) {
		err_system(err, errno, "%s", _("cannot make a pipe"));
		launch_fini(launch);
		return -1;
	}
	find_paths(launch, argv[0]);
	make_environment(launch);
	return 0;
}

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void launch_fini(struct launch *launch)
{
	for (char **path = launch->paths; path && *path; path++)
		free(*path);
	free(launch->paths);
	free(launch->environment);
	for (int i = 0; i < 2; i++) {
		close_end(&launch->go[i]);
		close_end(&launch->failure[i]);
	}
	*launch = (struct launch){ .go = { -1, -1 }, .failure = { -1, -1 } };
}

/* Tries all candidates; returns only if none worked, with errno as execvp would set it. */
static void try_paths(const struct launch *launch)
{
	bool denied = false;
	for (char **path = launch->paths; *path; path++) {
		execve(*path, launch->argv, launch->environment);
		if (errno == EACCES)
			denied = true;
		else if (errno != ENOENT && errno != ENOTDIR && errno != ESTALE && errno != ENODEV)
			return;
	}
	errno = denied ? EACCES : ENOENT;
}

static void reset_signals(void)
{
	sigset_t none;
	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void become_program(struct launch *launch)
{
	char byte;
	close(launch->go[1]);
	reset_signals();
	while (read(launch->go[0], &byte, 1) != 1)
		if (errno != EINTR)
			_exit(127);
	if (pty_enter(launch->pty) == 0)
		try_paths(launch);
	int errnum = errno;
	if (write(launch->failure[1], &errnum, sizeof errnum) < 0)
		_exit(126);
	_exit(127);
}

pid_t launch_fork(struct launch *launch, struct err *err)
{
	pid_t pid = fork();
	if (pid == 0)
		become_program(launch);
	if (pid < 0)
		err_system(err, errno, "%s", _("cannot start another process"));
	close_end(&launch->go[0]);
	close_end(&launch->failure[1]);
	return pid;
}

void launch_go(struct launch *launch)
{
	while (write(launch->go[1], "g", 1) < 0 && errno == EINTR)
		;
	close_end(&launch->go[1]);
}

/* The first candidate that exists: for a message, after exec refused. */
static const char *found_path(const struct launch *launch, struct stat *st)
{
	for (char **path = launch->paths; *path; path++)
		if (stat(*path, st) == 0)
			return *path;
	return NULL;
}

static int explain(const struct launch *launch, int errnum, const char *name, struct err *err)
{
	struct stat st;
	const char *found = found_path(launch, &st);
	/* if a folder of PATH may not be searched, that says nothing about the program */
	if (errnum == EACCES && !found && !strchr(launch->argv[0], '/'))
		errnum = ENOENT;
	if (errnum == ENOENT && found)
		return err_set(err, ERR_NOT_FOUND, _("%s is there, but the interpreter that it names is not"),
			       name);
	if (errnum == ENOENT && text_ends(name, ".pgs"))
		return err_set(err, ERR_NOT_FOUND, _("%s: no such session, nor a program of that name"),
			       name);
	if (errnum == ENOENT)
		return err_set(err, ERR_NOT_FOUND, _("%s: no such program"), name);
	if (errnum == EACCES && found && S_ISDIR(st.st_mode))
		return err_set(err, ERR_DENIED, _("%s is a directory"), name);
	if (errnum == EACCES && found && !(st.st_mode & 0111))
		return err_set(err, ERR_DENIED, _("%s is not executable (chmod +x would make it so)"), name);
	if (errnum == EACCES)
		return err_set(err, ERR_DENIED, _("%s: you may not execute it"), name);
	if (errnum == ENOEXEC)
		return err_set(err, ERR_DENIED,
			       _("%s is neither a program for this machine nor a script that begins with #!"),
			       name);
	if (errnum == E2BIG)
		return err_set(err, ERR_SYSTEM, _("%s: its arguments and environment are too long"), name);
	return err_system(err, errnum, _("cannot execute %s"), name);
}

int launch_failure(struct launch *launch, struct err *err)
{
	int errnum = 0;
	char *name = text_printable_dup(launch->argv[0], strlen(launch->argv[0]));
	ssize_t n;
	while ((n = read(launch->failure[0], &errnum, sizeof errnum)) < 0 && errno == EINTR)
		;
	if (n == (ssize_t)sizeof errnum)
		explain(launch, errnum, name, err);
	else
		err_set(err, ERR_SYSTEM, _("%s was killed while it was being started"), name);
	if (err)
		err->errnum = n == (ssize_t)sizeof errnum ? errnum : 0;
	free(name);
	return -1;
}
