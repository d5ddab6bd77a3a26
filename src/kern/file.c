/* Reading small files of /proc whole.
 *
 * Such files have no size that could be asked for, and the kernel hands out at
 * most about a page at each read: one reads until nothing comes any more. */
#include "kern/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"

#define FILE_ROOM 16384 /* what there is room for at each read, at least */

int file_read_fd(int fd, struct strbuf *sb)
{
	sb->len = 0;
	for (;;) {
		mem_grow(sb->text, sb->cap, sb->len + FILE_ROOM + 1);
		ssize_t got = pread(fd, sb->text + sb->len, sb->cap - sb->len - 1, (off_t)sb->len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno;
		sb->len += (size_t)got;
		sb->text[sb->len] = '\0';
		if (got == 0)
			return 0;
	}
}

int file_read_at(int dir, const char *name, struct strbuf *sb)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return errno;

	int failed = file_read_fd(fd, sb);

	close(fd);
	return failed;
}

int file_read_link(int dir, const char *name, struct strbuf *sb)
{
	mem_grow(sb->text, sb->cap, 4096 + 1);
	ssize_t got = readlinkat(dir, name, sb->text, sb->cap - 1);

	if (got < 0)
		return errno;
	sb->len = (size_t)got;
	sb->text[sb->len] = '\0';
	return 0;
}

long file_next_number(int dir, long after)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	long next = 0;

	if (!entries) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	while ((entry = readdir(entries))) {
		long number = strtol(entry->d_name, NULL, 10);

		if (number > after && (next == 0 || number < next))
			next = number;
	}
	closedir(entries);
	return next;
}
