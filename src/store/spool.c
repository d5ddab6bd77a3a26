/* The file is in TMPDIR, and is gone once nobody has it open. */
#include "store/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "store/block.h"
#include "store/bytes.h"

#define READ_AT_ONCE 65536
#define READS_AT_ONCE 64

struct spool {
	int pipe, file;
	uint64_t len;
	char path[64];
	char bytes[READ_AT_ONCE];
};

static int open_file(struct err *err)
{
	const char *dir = getenv("TMPDIR");
	int fd = open(dir && *dir ? dir : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0) /* not every file system has files without names */
		fd = memfd_create("pagescape", MFD_CLOEXEC);
	if (fd < 0)
		err_system(err, errno, _("cannot store what comes through the pipe"));
	return fd;
}

static int keep(struct spool *s, size_t n, struct err *err)
{
	const char *at = s->bytes;

	while (n) {
		ssize_t written = write(s->file, at, n);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return err_system(err, errno, _("cannot store what comes through the pipe"));
		at += written;
		n -= (size_t)written;
		s->len += (uint64_t)written;
	}
	return 0;
}

int spool_step(struct spool *s, struct err *err)
{
	for (int i = 0; s->pipe >= 0 && i < READS_AT_ONCE; i++) {
		ssize_t n = read(s->pipe, s->bytes, sizeof s->bytes);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return 0;
		if (n <= 0) { /* a pipe that cannot be read has ended */
			close(s->pipe);
			s->pipe = -1;
			return 0;
		}
		if (keep(s, (size_t)n, err) < 0)
			return -1;
	}
	return 0;
}

static bool head_is_there(const struct spool *s)
{
	uint8_t head[SESSION_HEAD];

	if (pread(s->file, head, sizeof head, 0) != (ssize_t)sizeof head)
		return false;
	return s->len >= SESSION_HEAD + bytes_get_le(head + 12, 4) ||
	       s->len >= SESSION_HEAD + SESSION_TEXTS_MAX;
}

static int wait_for_head(struct spool *s, struct err *err)
{
	while (s->pipe >= 0 && !head_is_there(s)) {
		struct pollfd fd = { .fd = s->pipe, .events = POLLIN };

		if (poll(&fd, 1, -1) < 0 && errno != EINTR)
			return err_system(err, errno, _("cannot wait for the session"));
		if (spool_step(s, err) < 0)
			return -1;
	}
	return 0;
}

struct spool *spool_create(int fd, struct err *err)
{
	struct spool *s = mem_zalloc(sizeof *s);

	s->file = open_file(err);
	s->pipe = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	bool ready = s->pipe >= 0 && fcntl(s->pipe, F_SETFL, O_NONBLOCK) == 0;

	if (s->file >= 0 && !ready)
		err_system(err, errno, _("cannot read the pipe"));
	if (s->file < 0 || !ready || wait_for_head(s, err) < 0) {
		spool_destroy(s);
		return NULL;
	}
	snprintf(s->path, sizeof s->path, "/proc/self/fd/%d", s->file);
	return s;
}

void spool_destroy(struct spool *s)
{
	if (!s)
		return;
	if (s->pipe >= 0)
		close(s->pipe);
	if (s->file >= 0)
		close(s->file);
	free(s);
}

const char *spool_path(const struct spool *s)
{
	return s->path;
}

int spool_fd(const struct spool *s)
{
	return s->pipe;
}
