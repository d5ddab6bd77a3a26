/* Reading what lies below /proc.
 *
 * Such files have no known size, and the kernel returns at most about a page per read, so they are read until
 * nothing more comes. */
#include "kern/procfile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

#define ROOM 16384 /* for each read, at least */

int procfile_open(int dir, const char *name, struct err *err)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	return fd < 0 ? err_system(err, errno, "%s", name) : fd;
}

int procfile_open_dir(int dir, const char *name, struct err *err)
{
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? err_system(err, errno, "%s", name) : fd;
}

bool procfile_is_captured(const char *proc_root)
{
	return proc_root && strcmp(proc_root, "/proc") != 0;
}

bool procfile_exists(const char *proc_root, const char *name)
{
	struct strbuf path = { 0 };
	bool exists;

	strbuf_printf(&path, "%s/%s", proc_root ? proc_root : "/proc", name);
	exists = access(path.text, F_OK) == 0;
	strbuf_fini(&path);
	return exists;
}

int procfile_open_process(const char *proc_root, int32_t pid, struct err *err)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/%d", proc_root ? proc_root : "/proc", (int)pid);
	return procfile_open_dir(AT_FDCWD, path, err);
}

void procfile_program_path(int32_t pid, struct strbuf *path)
{
	strbuf_printf(path, "/proc/%d/exe", (int)pid);
}

int procfile_read_fd(int fd, struct strbuf *sb, struct err *err)
{
	sb->len = 0;
	for (;;) {
		mem_grow(sb->text, sb->cap, sb->len + ROOM + 1);
		ssize_t got = pread(fd, sb->text + sb->len, sb->cap - sb->len - 1, (off_t)sb->len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_system(err, errno, "%s", "read");
		sb->len += (size_t)got;
		sb->text[sb->len] = '\0';
		if (got == 0)
			return 0;
	}
}

int procfile_read(int dir, const char *name, struct strbuf *sb, struct err *err)
{
	int fd = procfile_open(dir, name, err), result;

	if (fd < 0)
		return -1;
	result = procfile_read_fd(fd, sb, err);
	close(fd);
	return result;
}

int procfile_read_link(int dir, const char *name, struct strbuf *sb, struct err *err)
{
	mem_grow(sb->text, sb->cap, 4096 + 1);
	ssize_t got = readlinkat(dir, name, sb->text, sb->cap - 1);

	if (got < 0)
		return err_system(err, errno, "%s", name);
	sb->len = (size_t)got;
	sb->text[sb->len] = '\0';
	return 0;
}

long procfile_next_number(int dir, long after, struct err *err)
{
	int fd = procfile_open_dir(dir, ".", err);
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	long next = 0;

	if (!entries) {
		if (fd >= 0)
			err_system(err, errno, "%s", ".");
		procfile_close(&fd);
		return -1;
	}
	while ((entry = readdir(entries))) {
		long number = strtol(entry->d_name, NULL, 10);

		if (number > after && (next == 0 || number < next))
			next = number;
	}
	closedir(entries);
	return next;
}

void procfile_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}
