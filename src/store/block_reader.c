#include "store/block_reader.h"

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

int block_reader_init(struct block_reader *r, const char *path, struct err *err)
{
	bool input = path_is_standard(path);
	struct stat status;

	*r = (struct block_reader){ 0 };
	r->shown = input ? mem_strdup(_("standard input")) : text_printable_dup(path, strlen(path));
	r->fd = input ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) : open(path, O_RDONLY | O_CLOEXEC);
	if (r->fd < 0 || fstat(r->fd, &status) < 0)
		return err_system(err, errno, _("cannot read %s"), r->shown);
	if (!S_ISREG(status.st_mode) && fcntl(r->fd, F_SETFL, O_NONBLOCK) < 0)
		return err_system(err, errno, _("cannot read %s"), r->shown);
	return 0;
}

void block_reader_fini(struct block_reader *r)
{
	if (r->fd >= 0)
		close(r->fd);
	free(r->buffer);
	free(r->shown);
	*r = (struct block_reader){ .fd = -1 };
}

static ssize_t read_some(struct block_reader *r)
{
	ssize_t n;

	mem_grow(r->buffer, r->cap, r->len + READ_AT_ONCE);
	do
		n = read(r->fd, r->buffer + r->len, READ_AT_ONCE);
	while (n < 0 && errno == EINTR);
	return n;
}

static enum block_result read_more(struct block_reader *r, struct err *err)
{
	ssize_t n = read_some(r);

	if (n == 0 && r->grows) {
		if (lock_is_held(r->fd))
			return BLOCK_WAIT;
		n = read_some(r); /* what was written last, before the recorder ended */
	}
	if (n < 0 && errno == EAGAIN)
		return BLOCK_WAIT;
	if (n < 0) {
		err_system(err, errno, _("cannot read %s"), r->shown);
		return BLOCK_BROKEN;
	}
	r->eof = n == 0;
	r->len += (size_t)n;
	return n ? BLOCK_THERE : BLOCK_END;
}

int block_reader_fd(const struct block_reader *r)
{
	return r->fd;
}

const char *block_reader_shown(const struct block_reader *r)
{
	return r->shown;
}

uint64_t block_reader_offset(const struct block_reader *r)
{
	return r->offset;
}

void block_reader_let_grow(struct block_reader *r, bool grows)
{
	r->grows = grows;
}

enum block_result block_reader_want(struct block_reader *r, size_t need, struct err *err)
{
	if (r->used && r->len - r->used < need) {
		memmove(r->buffer, r->buffer + r->used, r->len - r->used);
		r->len -= r->used;
		r->used = 0;
	}
	while (r->len - r->used < need) {
		enum block_result result = r->eof ? BLOCK_END : read_more(r, err);

		if (result != BLOCK_THERE)
			return result;
	}
	return BLOCK_THERE;
}

const uint8_t *block_reader_take(struct block_reader *r, size_t n)
{
	const uint8_t *bytes = r->buffer + r->used;

	r->used += n;
	r->offset += n;
	return bytes;
}

int block_reader_broken(const struct block_reader *r, struct err *err)
{
	if (r->eof && r->used == r->len)
		return err_set(err, ERR_INPUT, _("%s breaks off at byte %llu: it was not closed"), r->shown,
			       (unsigned long long)r->offset);
	return err_set(err, ERR_INPUT,
		       _("%s is damaged or truncated at byte %llu: what comes before is intact"), r->shown,
		       (unsigned long long)r->offset);
}

static enum block_result broken(const struct block_reader *r, struct err *err)
{
	block_reader_broken(r, err);
	return BLOCK_BROKEN;
}

enum block_result block_reader_next(struct block_reader *r, struct block *f, const uint8_t **payload,
				    struct err *err)
{
	enum block_result result = block_reader_want(r, BLOCK_HEAD, err);

	if (result == BLOCK_END && r->len > r->used)
		return broken(r, err);
	if (result != BLOCK_THERE)
		return result;
	if (!block_get(r->buffer + r->used, f))
		return broken(r, err);
	result = block_reader_want(r, BLOCK_HEAD + f->stored, err);
	if (result == BLOCK_END)
		return broken(r, err);
	if (result != BLOCK_THERE)
		return result;
	*payload = r->buffer + r->used + BLOCK_HEAD;
	if (bytes_crc32c(0, *payload, f->stored) != f->crc)
		return broken(r, err);
	block_reader_take(r, BLOCK_HEAD + f->stored);
	return BLOCK_THERE;
}

int block_reader_go(struct block_reader *r, uint64_t offset, struct err *err)
{
	if (lseek(r->fd, (off_t)offset, SEEK_SET) < 0)
		return err_system(err, errno, _("cannot read %s"), r->shown);
	r->used = r->len = 0;
	r->offset = offset;
	r->eof = false;
	return 0;
}
