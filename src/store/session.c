/* The head, then events from block to block, and the way to the keyframe of a time: the index says where the
 * keyframes are. If the index is missing (the recorder was killed, the file is cut), the heads of all blocks
 * are read instead. */
#include "store/session.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "store/block_events.h"
#include "store/block_reader.h"
#include "store/bounds.h"

struct session {
	struct block_reader in;
	struct block_events events; /* of the block being read */
	struct bounds bounds;       /* of what is read in order */
	struct session_info info;
	char *texts;        /* what info points to */
	uint64_t blocks_at; /* where the first block is */
	bool in_key;        /* events of keyframes count, until the keyframe's last block */
	bool at_foot, ended, broken, too_much;
};

/* Events */

static int break_off(struct session *s, struct err *err)
{
	s->broken = true;
	return block_reader_broken(&s->in, err);
}

int session_too_much(const struct session *s, struct err *err)
{
	return err_set(
	    err, ERR_INPUT,
	    _("%s claims more before byte %llu than a file of its size can hold: the rest is not read"),
	    session_shown(s), (unsigned long long)block_reader_offset(&s->in));
}

static int stop_here(struct session *s, struct err *err)
{
	s->broken = s->too_much = true;
	return session_too_much(s, err);
}

/* Is this a block whose events count here? A keyframe only repeats what the events before it said. */
static bool is_played(struct session *s, const struct block *f)
{
	if (f->type == BLOCK_EVENTS) {
		s->in_key = false;
		return true;
	}
	return f->type == BLOCK_KEY && s->in_key;
}

/* A pipe is read to its end, or its writer would find it closed. The foot is of no use here, and need not
 * be there. */
static enum session_result read_foot(struct session *s)
{
	if (block_reader_want(&s->in, SESSION_FOOT, NULL) == BLOCK_WAIT)
		return SESSION_WAIT;
	s->ended = true;
	return SESSION_END;
}

static enum session_result next_block(struct session *s, struct err *err)
{
	const uint8_t *payload;
	struct block block;

	for (;;) {
		enum block_result result = block_reader_next(&s->in, &block, &payload, err);

		if (result == BLOCK_WAIT)
			return SESSION_WAIT;
		if (result != BLOCK_THERE) {
			if (result == BLOCK_END)
				break_off(s, err);
			s->broken = true;
			return SESSION_BROKEN;
		}
		if (block.type == BLOCK_INDEX) {
			s->at_foot = true;
			return read_foot(s);
		}
		if (!is_played(s, &block))
			continue;
		bounds_count_block(&s->bounds, block.raw, 0);
		if (!bounds_hold(&s->bounds, block_reader_offset(&s->in))) {
			stop_here(s, err);
			return SESSION_BROKEN;
		}
		if (block_events_open(&s->events, &block, payload))
			return SESSION_EVENT;
		break_off(s, err);
		return SESSION_BROKEN;
	}
}

int session_next_of_block(struct session *s, struct event *e, struct err *err)
{
	int got = block_events_next(&s->events, e);

	return got < 0 ? break_off(s, err) : got;
}

static int within_bounds(struct session *s, const struct event *e, struct err *err)
{
	bounds_count(&s->bounds, e, false);
	return bounds_hold(&s->bounds, block_reader_offset(&s->in)) ? 1 : stop_here(s, err);
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
			s->too_much ? session_too_much(s, err) : break_off(s, err);
			return SESSION_BROKEN;
		}
		got = session_next_of_block(s, e, err);
		if (got > 0)
			got = within_bounds(s, e, err);
		if (got != 0)
			return got > 0 ? SESSION_EVENT : SESSION_BROKEN;
		enum session_result result = next_block(s, err);
		if (result != SESSION_EVENT)
			return result;
	}
}

/* Opening */

static int refuse(const struct session *s, struct err *err)
{
	return err_set(err, ERR_INPUT, _("%s is not a session of pagescape"), session_shown(s));
}

/* A pipe may give its bytes one by one. */
static int wait_for_bytes(struct session *s, size_t need, struct err *err)
{
	struct pollfd fd = { .fd = session_fd(s), .events = POLLIN };
	enum block_result result;

	while ((result = block_reader_want(&s->in, need, err)) == BLOCK_WAIT)
		if (poll(&fd, 1, -1) < 0)
			return err_system(err, errno, _("cannot read %s"), session_shown(s));
	if (result == BLOCK_END)
		return refuse(s, err);
	return result == BLOCK_THERE ? 0 : -1;
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
	memcpy(s->texts, block_reader_take(&s->in, head->texts), head->texts);
	in = (struct cursor){ .at = (uint8_t *)s->texts, .end = (uint8_t *)s->texts + head->texts };
	for (size_t i = 0; i < sizeof to / sizeof to[0]; i++)
		*to[i] = bytes_get_text(&in);
	if (in.bad || bytes_crc32c(0, s->texts, head->texts) != head->crc)
		return err_set(err, ERR_INPUT, _("%s: the session's header is damaged"), session_shown(s));
	return 0;
}

static int take_head(struct session *s, struct err *err)
{
	struct session_head head;
	enum session_head_result result;

	if (wait_for_bytes(s, SESSION_HEAD, err) < 0)
		return -1;
	result = head_get(block_reader_take(&s->in, SESSION_HEAD), &head);
	if (result == SESSION_HEAD_FOREIGN)
		return refuse(s, err);
	if (result == SESSION_HEAD_DAMAGED)
		return err_set(err, ERR_INPUT, _("%s: the session's header is damaged"), session_shown(s));
	if (head.version != SESSION_VERSION)
		return err_set(
		    err, ERR_UNSUPPORTED,
		    _("%s is a session of version %u; this pagescape reads version %d: use a newer one"),
		    session_shown(s), head.version, SESSION_VERSION);
	if (head.page_shift < CODER_SHIFT_MIN || head.page_shift > CODER_SHIFT_MAX)
		return refuse(s, err);
	s->info.wall_ns = head.wall_ns;
	s->info.page_shift = head.page_shift;
	block_events_set_page_shift(&s->events, head.page_shift);
	if (take_texts(s, &head, err) < 0)
		return -1;
	s->blocks_at = block_reader_offset(&s->in);
	return 0;
}

struct session *session_open(const char *path, struct err *err)
{
	struct session *s = mem_zalloc(sizeof *s);

	if (block_reader_init(&s->in, path, err) < 0 || take_head(s, err) < 0) {
		session_close(s);
		return NULL;
	}
	return s;
}

void session_close(struct session *s)
{
	if (!s)
		return;
	block_reader_fini(&s->in);
	block_events_fini(&s->events);
	free(s->texts);
	free(s);
}

bool session_wait_for_more(struct session *s)
{
	struct stat status;

	bool grows = fstat(session_fd(s), &status) == 0 && S_ISREG(status.st_mode);

	block_reader_let_grow(&s->in, grows);
	return grows;
}

void session_watch_world(struct session *s, const struct world *world)
{
	bounds_watch(&s->bounds, world);
}

int session_fd(const struct session *s)
{
	return block_reader_fd(&s->in);
}

uint64_t session_bytes(const struct session *s)
{
	struct stat status;

	return fstat(session_fd(s), &status) == 0 ? (uint64_t)status.st_size : 0;
}

const struct session_info *session_info(const struct session *s)
{
	return &s->info;
}

const char *session_shown(const struct session *s)
{
	return block_reader_shown(&s->in);
}

uint64_t session_blocks_at(const struct session *s)
{
	return s->blocks_at;
}

/* Seeking */

static int go_to(struct session *s, uint64_t offset, struct err *err)
{
	s->at_foot = s->ended = s->broken = s->too_much = false;
	bounds_restart(&s->bounds);
	block_events_clear(&s->events);
	return block_reader_go(&s->in, offset, err);
}

int session_open_block(struct session *s, uint64_t offset, uint64_t *end, struct err *err)
{
	const uint8_t *payload;
	struct block block;

	if (go_to(s, offset, err) < 0)
		return -1;
	if (block_reader_next(&s->in, &block, &payload, err) != BLOCK_THERE ||
	    !block_events_open(&s->events, &block, payload))
		return break_off(s, err);
	if (end)
		*end = block_reader_offset(&s->in);
	return 0;
}

/* The best keyframe found so far. */
struct keyframe_search {
	uint64_t wanted_ns;
	uint64_t offset; /* 0: none */
};

static bool read_at(const struct session *s, uint64_t offset, void *to, size_t len)
{
	return pread(session_fd(s), to, len, (off_t)offset) == (ssize_t)len;
}

static void offer(struct keyframe_search *search, uint64_t offset, uint64_t time_ns)
{
	if (time_ns <= search->wanted_ns)
		search->offset = offset;
}

/* Searches the index; false if there is no valid one. */
static bool search_index(struct session *s, struct keyframe_search *search, uint64_t size)
{
	struct cursor *in = block_events_payload(&s->events);
	uint8_t foot[SESSION_FOOT];
	uint64_t offset = 0, time_ns = 0, n;

	if (size < SESSION_FOOT || !read_at(s, size - SESSION_FOOT, foot, sizeof foot) ||
	    !foot_get(foot, &offset) || offset < s->blocks_at || offset >= size ||
	    session_open_block(s, offset, NULL, NULL) < 0 || block_events_type(&s->events) != BLOCK_INDEX)
		return false;
	n = bytes_get_varint(in);
	offset = 0;
	for (; n && !in->bad; n--) {
		offset += bytes_get_varint(in);
		time_ns += bytes_get_varint(in);
		if (!in->bad && offset >= s->blocks_at && offset < size)
			offer(search, offset, time_ns);
	}
	return !in->bad;
}

/* A keyframe counts once its last block is there. */
static void search_heads(struct session *s, struct keyframe_search *search, uint64_t size)
{
	uint64_t at = s->blocks_at, first = 0;
	uint8_t head[BLOCK_HEAD];
	struct block block;

	while (at + BLOCK_HEAD <= size && read_at(s, at, head, sizeof head) && block_get(head, &block)) {
		uint64_t next = at + BLOCK_HEAD + block.stored;

		if (next > size)
			break;
		if (block.type == BLOCK_KEY && block.flags & BLOCK_FIRST)
			first = at;
		if (block.type == BLOCK_KEY && block.flags & BLOCK_LAST && first)
			offer(search, first, block.last_ns);
		at = next;
	}
}

int session_seek(struct session *s, uint64_t time_ns, struct err *err)
{
	struct keyframe_search search = { .wanted_ns = time_ns };
	struct stat status;

	if (fstat(session_fd(s), &status) < 0)
		return err_system(err, errno, _("cannot read %s"), session_shown(s));
	if (!S_ISREG(status.st_mode))
		return err_set(err, ERR_UNSUPPORTED,
			       _("%s is not a file: only a file can be read from any position"),
			       session_shown(s));
	if (!search_index(s, &search, (uint64_t)status.st_size)) {
		search.offset = 0;
		search_heads(s, &search, (uint64_t)status.st_size);
	}
	s->in_key = search.offset != 0;
	return go_to(s, search.offset ? search.offset : s->blocks_at, err);
}
