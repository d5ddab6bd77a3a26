#include "store/frame_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "store/bytes.h"
#include "store/lock.h"

#define READ_AT_ONCE 65536

int frame_reader_init(struct frame_reader *r, const char *path, struct err *err)
{
	bool input = path_is_standard(path);
	struct stat status;

	*r = (struct frame_reader){ 0 };
	r->shown = input ? mem_strdup(_("standard input")) : text_printable_dup(path, strlen(path));
	r->fd = input ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) : open(path, O_RDONLY | O_CLOEXEC);
	if (r->fd < 0 || fstat(r->fd, &status) < 0)
		return err_system(err, errno, _("cannot read %s"), r->shown);
	if (!S_ISREG(status.st_mode) && fcntl(r->fd, F_SETFL, O_NONBLOCK) < 0)
		return err_system(err, errno, _("cannot read %s"), r->shown);
	return 0;
}

void frame_reader_fini(struct frame_reader *r)
{
	if (r->fd >= 0)
		close(r->fd);
	free(r->buffer);
	free(r->shown);
	*r = (struct frame_reader){ .fd = -1 };
}

static ssize_t read_some(struct frame_reader *r)
{
	ssize_t n;

	mem_grow(r->buffer, r->cap, r->len + READ_AT_ONCE);
	do
		n = read(r->fd, r->buffer + r->len, READ_AT_ONCE);
	while (n < 0 && errno == EINTR);
	return n;
}

static enum frame_result read_more(struct frame_reader *r, struct err *err)
{
	ssize_t n = read_some(r);

	if (n == 0 && r->grows) {
		if (lock_is_held(r->fd))
			return FRAME_WAIT;
		n = read_some(r); /* what was written last, before the recorder ended */
	}
	if (n < 0 && errno == EAGAIN)
		return FRAME_WAIT;
	if (n < 0) {
		err_system(err, errno, _("cannot read %s"), r->shown);
		return FRAME_BROKEN;
	}
	r->eof = n == 0;
	r->len += (size_t)n;
	return n ? FRAME_THERE : FRAME_END;
}

int frame_reader_fd(const struct frame_reader *r)
{
	return r->fd;
}

const char *frame_reader_shown(const struct frame_reader *r)
{
	return r->shown;
}

uint64_t frame_reader_offset(const struct frame_reader *r)
{
	return r->offset;
}

void frame_reader_let_grow(struct frame_reader *r, bool grows)
{
	r->grows = grows;
}

enum frame_result frame_reader_want(struct frame_reader *r, size_t need, struct err *err)
{
	if (r->used && r->len - r->used < need) {
		memmove(r->buffer, r->buffer + r->used, r->len - r->used);
		r->len -= r->used;
		r->used = 0;
	}
	while (r->len - r->used < need) {
		enum frame_result result = r->eof ? FRAME_END : read_more(r, err);

		if (result != FRAME_THERE)
			return result;
	}
	return FRAME_THERE;
}

const uint8_t *frame_reader_take(struct frame_reader *r, size_t n)
{
	const uint8_t *bytes = r->buffer + r->used;

	r->used += n;
	r->offset += n;
	return bytes;
}

int frame_reader_broken(const struct frame_reader *r, struct err *err)
{
	if (r->eof && r->used == r->len)
		return err_set(err, ERR_INPUT, _("%s breaks off at byte %llu: it was not closed"), r->shown,
			       (unsigned long long)r->offset);
	return err_set(err, ERR_INPUT,
		       _("%s is damaged or truncated at byte %llu: what comes before is intact"), r->shown,
		       (unsigned long long)r->offset);
}

static enum frame_result broken(const struct frame_reader *r, struct err *err)
{
	frame_reader_broken(r, err);
	return FRAME_BROKEN;
}

enum frame_result frame_reader_next(struct frame_reader *r, struct frame *f, const uint8_t **payload,
				    struct err *err)
{
	enum frame_result result = frame_reader_want(r, FRAME_HEAD, err);

	if (result == FRAME_END && r->len > r->used)
		return broken(r, err);
	if (result != FRAME_THERE)
		return result;
	if (!frame_get(r->buffer + r->used, f))
		return broken(r, err);
	result = frame_reader_want(r, FRAME_HEAD + f->stored, err);
	if (result == FRAME_END)
		return broken(r, err);
	if (result != FRAME_THERE)
		return result;
	*payload = r->buffer + r->used + FRAME_HEAD;
	if (bytes_crc32c(0, *payload, f->stored) != f->crc)
		return broken(r, err);
	frame_reader_take(r, FRAME_HEAD + f->stored);
	return FRAME_THERE;
}

int frame_reader_go(struct frame_reader *r, uint64_t offset, struct err *err)
{
	if (lseek(r->fd, (off_t)offset, SEEK_SET) < 0)
		return err_system(err, errno, _("cannot read %s"), r->shown);
	r->used = r->len = 0;
	r->offset = offset;
	r->eof = false;
	return 0;
}
