/* To a moment: the index says where the keyframes are. Where it is missing (the recorder was
 * killed, the file is cut), the heads of all frames are read in its place. */
#include "store/session_state.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"

/* The best keyframe found so far. */
struct search {
	uint64_t wanted_ns;
	uint64_t offset; /* 0: none */
};

static bool read_at(const struct session *s, uint64_t offset, void *to, size_t len)
{
	return pread(s->fd, to, len, (off_t)offset) == (ssize_t)len;
}

static void go_to(struct session *s, uint64_t offset)
{
	s->used = s->len = 0;
	s->offset = offset;
	s->eof = s->at_foot = s->ended = s->broken = false;
	s->cursor = (struct cursor){ 0 };
	coder_reset(&s->coder);
}

int session_load(struct session *s, uint64_t offset, struct err *err)
{
	const uint8_t *payload;

	if (lseek(s->fd, (off_t)offset, SEEK_SET) < 0)
		return err_system(err, errno, _("cannot read %s"), s->shown);
	go_to(s, offset);
	if (session_read_frame(s, &s->frame, &payload, err) != 1)
		return session_broken(s, err);
	return session_unpack(s, &s->frame, payload, err);
}

static void offer(struct search *search, uint64_t offset, uint64_t time_ns)
{
	if (time_ns <= search->wanted_ns)
		search->offset = offset;
}

/* False where there is no index that makes sense. */
static bool search_index(struct session *s, struct search *search, uint64_t size)
{
	uint8_t foot[SESSION_FOOT];
	const uint8_t *payload;
	uint64_t offset = 0, time_ns = 0, n;
	struct frame frame;

	if (size < SESSION_FOOT || !read_at(s, size - SESSION_FOOT, foot, sizeof foot) ||
	    !foot_get(foot, &offset) || offset < s->frames_at || offset >= size ||
	    lseek(s->fd, (off_t)offset, SEEK_SET) < 0)
		return false;
	go_to(s, offset);
	if (session_read_frame(s, &frame, &payload, NULL) != 1 || frame.type != FRAME_INDEX ||
	    session_unpack(s, &frame, payload, NULL) < 0)
		return false;
	n = bytes_get_varint(&s->cursor);
	offset = 0;
	for (; n && !s->cursor.bad; n--) {
		offset += bytes_get_varint(&s->cursor);
		time_ns += bytes_get_varint(&s->cursor);
		if (!s->cursor.bad && offset >= s->frames_at && offset < size)
			offer(search, offset, time_ns);
	}
	return !s->cursor.bad;
}

/* A keyframe counts once its last frame is there. */
static void search_heads(struct session *s, struct search *search, uint64_t size)
{
	uint64_t at = s->frames_at, first = 0;
	uint8_t head[FRAME_HEAD];
	struct frame frame;

	while (at + FRAME_HEAD <= size && read_at(s, at, head, sizeof head) && frame_get(head, &frame)) {
		uint64_t next = at + FRAME_HEAD + frame.stored;

		if (next > size)
			break;
		if (frame.type == FRAME_KEY && frame.flags & FRAME_FIRST)
			first = at;
		if (frame.type == FRAME_KEY && frame.flags & FRAME_LAST && first)
			offer(search, first, frame.last_ns);
		at = next;
	}
}

int session_seek(struct session *s, uint64_t time_ns, struct err *err)
{
	struct search search = { .wanted_ns = time_ns };
	struct stat status;

	if (fstat(s->fd, &status) < 0)
		return err_system(err, errno, _("cannot read %s"), s->shown);
	if (!S_ISREG(status.st_mode))
		return err_set(err, ERR_UNSUPPORTED, _("%s is no file: only a file can be gone through"),
			       s->shown);
	if (!search_index(s, &search, (uint64_t)status.st_size)) {
		search.offset = 0;
		search_heads(s, &search, (uint64_t)status.st_size);
	}
	go_to(s, search.offset ? search.offset : s->frames_at);
	s->in_key = search.offset != 0;
	if (lseek(s->fd, (off_t)s->offset, SEEK_SET) < 0)
		return err_system(err, errno, _("cannot read %s"), s->shown);
	return 0;
}
