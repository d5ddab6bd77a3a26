/* From bytes to frames to events. Bytes come as they come, from a file or a pipe, into a
 * buffer that never holds more than a frame and what was read with it. */
#include "store/session_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/track.h"

#define READ_AT_ONCE 65536

/* Bytes */

enum { BYTES_FAILED = -1, BYTES_WAIT = 0, BYTES_THERE = 1, BYTES_END = 2 };

static ssize_t read_some(struct session *s)
{
	ssize_t n;

	mem_grow(s->buffer, s->cap, s->len + READ_AT_ONCE);
	do
		n = read(s->fd, s->buffer + s->len, READ_AT_ONCE);
	while (n < 0 && errno == EINTR);
	return n;
}

static int read_more(struct session *s, struct err *err)
{
	ssize_t n = read_some(s);

	if (n == 0 && s->follow) {
		if (track_is_written(s->fd))
			return BYTES_WAIT;
		n = read_some(s); /* what was written last, before the recorder went */
	}
	if (n < 0 && errno == EAGAIN)
		return BYTES_WAIT;
	if (n < 0)
		return err_system(err, errno, _("cannot read %s"), s->shown);
	s->eof = n == 0;
	s->len += (size_t)n;
	return n ? BYTES_THERE : BYTES_END;
}

/* Sees to it that `need` bytes are in the buffer, not used yet. */
static int have_bytes(struct session *s, size_t need, struct err *err)
{
	if (s->used && s->len - s->used < need) {
		memmove(s->buffer, s->buffer + s->used, s->len - s->used);
		s->len -= s->used;
		s->used = 0;
	}
	while (s->len - s->used < need) {
		int result = s->eof ? BYTES_END : read_more(s, err);

		if (result != BYTES_THERE)
			return result;
	}
	return BYTES_THERE;
}

static const uint8_t *use_bytes(struct session *s, size_t n)
{
	const uint8_t *bytes = s->buffer + s->used;

	s->used += n;
	s->offset += n;
	return bytes;
}

/* Frames */

int session_broken(struct session *s, struct err *err)
{
	s->broken = true;
	if (s->eof && s->used == s->len)
		return err_set(err, ERR_INPUT, _("%s breaks off at byte %llu: it was not closed"), s->shown,
			       (unsigned long long)s->offset);
	return err_set(err, ERR_INPUT, _("%s is damaged or cut at byte %llu: what comes before is sound"),
		       s->shown, (unsigned long long)s->offset);
}

int session_read_frame(struct session *s, struct frame *f, const uint8_t **payload, struct err *err)
{
	int result = have_bytes(s, FRAME_HEAD, err);

	if (result == BYTES_END)
		return s->len == s->used ? BYTES_END : session_broken(s, err);
	if (result != BYTES_THERE)
		return result;
	if (!frame_get(s->buffer + s->used, f))
		return session_broken(s, err);
	result = have_bytes(s, FRAME_HEAD + f->stored, err);
	if (result == BYTES_END)
		return session_broken(s, err);
	if (result != BYTES_THERE)
		return result;
	*payload = s->buffer + s->used + FRAME_HEAD;
	if (bytes_crc32c(0, *payload, f->stored) != f->crc)
		return session_broken(s, err);
	use_bytes(s, FRAME_HEAD + f->stored);
	return BYTES_THERE;
}

int session_unpack(struct session *s, const struct frame *f, const uint8_t *payload, struct err *err)
{
	size_t n;

	mem_grow(s->raw, s->raw_cap, (size_t)f->raw + 1);
	n = ZSTD_decompressDCtx(s->zstd, s->raw, f->raw, payload, f->stored);
	if (ZSTD_isError(n) || n != f->raw)
		return session_broken(s, err);
	s->cursor = (struct cursor){ .at = s->raw, .end = s->raw + n };
	coder_reset(&s->coder);
	return 0;
}

/* Is this a frame whose events count here? A keyframe says what the events before it said. */
static bool is_played(struct session *s, const struct frame *f)
{
	if (f->type == FRAME_EVENTS) {
		s->in_key = false;
		return true;
	}
	return f->type == FRAME_KEY && s->in_key;
}

/* A pipe is read to its end, or its writer would find it closed. What the foot says is of
 * no use here, and that it is there is not needed. */
static enum session_result read_foot(struct session *s)
{
	if (have_bytes(s, SESSION_FOOT, NULL) == BYTES_WAIT)
		return SESSION_WAIT;
	s->ended = true;
	return SESSION_END;
}

static enum session_result next_frame(struct session *s, struct err *err)
{
	const uint8_t *payload;

	for (;;) {
		int result = session_read_frame(s, &s->frame, &payload, err);

		if (result == BYTES_END) {
			session_broken(s, err);
			return SESSION_BROKEN;
		}
		if (result != BYTES_THERE) {
			s->broken |= result < 0;
			return result < 0 ? SESSION_BROKEN : SESSION_WAIT;
		}
		if (s->frame.type == FRAME_INDEX) {
			s->at_foot = true;
			return read_foot(s);
		}
		if (is_played(s, &s->frame))
			return session_unpack(s, &s->frame, payload, err) < 0 ? SESSION_BROKEN
									      : SESSION_EVENT;
	}
}

int session_event(struct session *s, struct event *e, struct err *err)
{
	int got = coder_get(&s->coder, &s->cursor, e);

	if (got > 0 && e->time_ns <= s->frame.last_ns)
		return 1;
	return got == 0 ? 0 : session_broken(s, err);
}

enum session_result session_next(struct session *s, struct event *e, struct err *err)
{
	for (;;) {
		int got;

		if (s->ended)
			return SESSION_END;
		if (s->at_foot)
			return read_foot(s);
		if (s->broken) {
			session_broken(s, err);
			return SESSION_BROKEN;
		}
		got = session_event(s, e, err);
		if (got != 0)
			return got > 0 ? SESSION_EVENT : SESSION_BROKEN;
		enum session_result result = next_frame(s, err);
		if (result != SESSION_EVENT)
			return result;
	}
}

/* Opening */

static int refuse(const struct session *s, struct err *err)
{
	return err_set(err, ERR_INPUT, _("%s is not a session of pagescape"), s->shown);
}

/* A pipe may give its bytes one by one. */
static int wait_for_bytes(struct session *s, size_t need, struct err *err)
{
	struct pollfd fd = { .fd = s->fd, .events = POLLIN };
	int result;

	while ((result = have_bytes(s, need, err)) == BYTES_WAIT)
		if (poll(&fd, 1, -1) < 0)
			return err_system(err, errno, _("cannot read %s"), s->shown);
	return result == BYTES_END ? refuse(s, err) : result;
}

static int take_texts(struct session *s, const struct session_head *head, struct err *err)
{
	const char **to[] = { &s->info.machine, &s->info.host, &s->info.kernel, &s->info.program };
	struct cursor in;

	if (head->texts > SESSION_TEXTS_MAX)
		return refuse(s, err);
	if (wait_for_bytes(s, head->texts, err) < 0)
		return -1;
	s->texts = mem_alloc(head->texts + 1u);
	memcpy(s->texts, use_bytes(s, head->texts), head->texts);
	in = (struct cursor){ .at = (uint8_t *)s->texts, .end = (uint8_t *)s->texts + head->texts };
	for (size_t i = 0; i < sizeof to / sizeof to[0]; i++)
		*to[i] = bytes_get_text(&in);
	if (in.bad || bytes_crc32c(0, s->texts, head->texts) != head->crc)
		return err_set(err, ERR_INPUT, _("%s: the head of the session is damaged"), s->shown);
	return 0;
}

static int take_head(struct session *s, struct err *err)
{
	struct session_head head;
	enum head_result result;

	if (wait_for_bytes(s, SESSION_HEAD, err) < 0)
		return -1;
	result = head_get(use_bytes(s, SESSION_HEAD), &head);
	if (result == HEAD_FOREIGN)
		return refuse(s, err);
	if (result == HEAD_DAMAGED)
		return err_set(err, ERR_INPUT, _("%s: the head of the session is damaged"), s->shown);
	if (head.version != SESSION_VERSION)
		return err_set(
		    err, ERR_UNSUPPORTED,
		    _("%s is a session of version %u; this pagescape reads version %d: use a newer one"),
		    s->shown, head.version, SESSION_VERSION);
	if (head.page_shift < CODER_SHIFT_MIN || head.page_shift > CODER_SHIFT_MAX)
		return refuse(s, err);
	s->info.wall_ns = head.wall_ns;
	s->info.page_shift = s->coder.page_shift = head.page_shift;
	if (take_texts(s, &head, err) < 0)
		return -1;
	s->frames_at = s->offset;
	return 0;
}

static int open_file(struct session *s, const char *path, struct err *err)
{
	struct stat status;

	s->fd =
	    strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	if (s->fd < 0 || fstat(s->fd, &status) < 0)
		return err_system(err, errno, _("cannot read %s"), s->shown);
	if (!S_ISREG(status.st_mode) && fcntl(s->fd, F_SETFL, O_NONBLOCK) < 0)
		return err_system(err, errno, _("cannot read %s"), s->shown);
	return 0;
}

struct session *session_open(const char *path, struct err *err)
{
	struct session *s = mem_zalloc(sizeof *s);

	if (strcmp(path, "-"))
		s->shown = text_printable_dup(path, strlen(path));
	else
		s->shown = mem_strdup(_("standard input"));
	s->zstd = ZSTD_createDCtx();
	if (open_file(s, path, err) < 0 || take_head(s, err) < 0) {
		session_close(s);
		return NULL;
	}
	return s;
}

void session_close(struct session *s)
{
	if (!s)
		return;
	if (s->fd >= 0)
		close(s->fd);
	coder_fini(&s->coder);
	ZSTD_freeDCtx(s->zstd);
	free(s->buffer);
	free(s->raw);
	free(s->texts);
	free(s->shown);
	free(s);
}

bool session_follow(struct session *s)
{
	struct stat status;

	s->follow = fstat(s->fd, &status) == 0 && S_ISREG(status.st_mode);
	return s->follow;
}

int session_fd(const struct session *s)
{
	return s->fd;
}

const struct session_info *session_info(const struct session *s)
{
	return &s->info;
}
