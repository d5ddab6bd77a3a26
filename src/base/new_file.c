/* open(2) with O_TMPFILE, then linkat(2), which needs /proc: without it, the file has another name first. A link cannot
 * replace a file: if there is one, the link is made beside it and then renamed, in one step. FAT has neither unnamed files
 * nor links: there a file is renamed either way. */
#include "base/new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/text.h"

#define NAMES_TRIED 100
#define LINKS_FOLLOWED 40 /* as many as the kernel follows */
#define FD_PATH 64

/* The path from which a file without a name can be linked. */
static const char *fd_path(char path[static FD_PATH], int fd)
{
	snprintf(path, FD_PATH, "/proc/self/fd/%d", fd);
	return path;
}

static int fail(const char *path, int errnum, struct err *err)
{
	char *shown = text_printable_dup(path, strlen(path));

	if (errnum == EEXIST)
		err_set(err, ERR_SYSTEM, _("%s already exists (--force overwrites it)"), shown);
	else
		err_system(err, errnum, _("cannot write %s"), shown);
	free(shown);
	return -1;
}

int new_file_fail(const struct new_file *f, int errnum, struct err *err)
{
	return fail(f->path, errnum, err);
}

/* -1: the file system, or this process, has no way to name such a file later. */
static int open_unnamed(const char *path)
{
	char linked[FD_PATH];
	const char *slash = strrchr(path, '/');
	char *dir = !slash ? mem_strdup(".") : slash == path ? mem_strdup("/") : mem_strdup(path);
	int fd;

	if (slash && slash != path)
		dir[slash - path] = 0;
	fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
	free(dir);
	if (fd >= 0 && access(fd_path(linked, fd), F_OK) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static int open_beside(struct new_file *f, struct err *err)
{
	struct strbuf name = { 0 };
	mode_t mask = umask(0);
	int fd;

	umask(mask);
	strbuf_printf(&name, "%s.XXXXXX", f->path);
	fd = mkostemp(name.text, O_CLOEXEC);
	if (fd < 0) {
		new_file_fail(f, errno, err);
		strbuf_fini(&name);
		return -1;
	}
	f->temporary = name.text;
	fchmod(fd, 0666 & ~mask);
	return fd;
}

/* Where a symbolic link to nothing leads: the file that any program that writes there creates. Any other path as it
 * is. NULL with err: it leads nowhere. */
static char *follow_dangling(const char *path, struct err *err)
{
	char *at = mem_strdup(path), to[PATH_MAX];

	for (int i = 0; i < LINKS_FOLLOWED; i++) {
		const char *slash = strrchr(at, '/');
		ssize_t len = readlink(at, to, sizeof to - 1);
		struct strbuf next = { 0 };

		if (len < 0)
			return at;
		to[len] = '\0';
		strbuf_printf(&next, "%.*s%s", slash && *to != '/' ? (int)(slash - at + 1) : 0, at, to);
		free(at);
		at = next.text;
	}
	free(at);
	fail(path, ELOOP, err);
	return NULL;
}

static int open_new(struct new_file *f, const char *path, struct err *err)
{
	struct stat there;
	bool exists = stat(path, &there) == 0;

	if (exists && !f->force)
		return fail(path, EEXIST, err);
	if (exists && access(path, W_OK) < 0)
		return fail(path, errno, err);
	if (!exists && !(f->path = follow_dangling(path, err)))
		return -1;
	if (exists && !(f->path = realpath(path, NULL)))
		return fail(path, errno, err);
	f->fd = open_unnamed(f->path);
	if (f->fd < 0)
		f->fd = open_beside(f, err);
	if (f->fd >= 0) {
		if (exists)
			fchmod(f->fd, there.st_mode & 0777);
		return 0;
	}
	free(f->path);
	return -1;
}

int new_file_open(struct new_file *f, const char *path, bool force, struct err *err)
{
	struct stat there;

	*f = (struct new_file){ .fd = -1, .force = force };
	if (stat(path, &there) < 0 || S_ISREG(there.st_mode))
		return open_new(f, path, err);
	f->fd = open(path, O_WRONLY | O_CLOEXEC);
	if (f->fd < 0)
		return fail(path, errno, err);
	f->path = mem_strdup(path);
	f->kept = true;
	return 0;
}

/* Gives the file a free name beside its own. */
static int link_beside(struct new_file *f, const char *from, struct err *err)
{
	for (int i = 0; i < NAMES_TRIED; i++) {
		struct strbuf name = { 0 };

		strbuf_printf(&name, "%s.%ld-%d", f->path, (long)getpid(), i);
		if (linkat(AT_FDCWD, from, AT_FDCWD, name.text, AT_SYMLINK_FOLLOW) == 0) {
			f->temporary = name.text;
			return 0;
		}
		bool taken = errno == EEXIST;
		new_file_fail(f, errno, err);
		strbuf_fini(&name);
		if (!taken)
			break;
	}
	return -1;
}

/* From the name beside it to its own. There is a file by now if it is forced: link refuses, rename replaces it. */
static int move_beside(struct new_file *f)
{
	if (f->force)
		return rename(f->temporary, f->path);
	if (link(f->temporary, f->path) == 0)
		return unlink(f->temporary);
	if (errno != EPERM)
		return -1;
	/* the file system has no links */
	return renameat2(AT_FDCWD, f->temporary, AT_FDCWD, f->path, RENAME_NOREPLACE);
}

int new_file_keep(struct new_file *f, struct err *err)
{
	char from[FD_PATH];

	if (f->kept)
		return 0;
	fd_path(from, f->fd);
	if (!f->temporary && linkat(AT_FDCWD, from, AT_FDCWD, f->path, AT_SYMLINK_FOLLOW) == 0) {
		f->kept = true;
		return 0;
	}
	if (!f->temporary && !(errno == EEXIST && f->force))
		return new_file_fail(f, errno, err);
	if (!f->temporary && link_beside(f, from, err) < 0)
		return -1;
	if (move_beside(f) < 0)
		return new_file_fail(f, errno, err);
	free(f->temporary);
	f->temporary = NULL;
	f->kept = true;
	return 0;
}

void new_file_fini(struct new_file *f)
{
	if (f->temporary)
		unlink(f->temporary);
	free(f->temporary);
	free(f->path);
	*f = (struct new_file){ .fd = -1 };
}
