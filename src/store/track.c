/* Only the heads of blocks are read, not what is between them. */
#include "store/track.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bisect.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "store/block.h"
#include "store/lock.h"

void track_init(struct track *t, const struct session *s)
{
	*t = (struct track){ .fd = session_fd(s), .offset = session_blocks_at(s) };
	track_refresh(t);
}

void track_fini(struct track *t)
{
	free(t->blocks);
	free(t->keys);
	free(t->notes);
	*t = (struct track){ 0 };
}

/* The latest time in the first blocks. */
static uint64_t latest_of(const struct track *t, size_t blocks)
{
	return blocks ? t->blocks[blocks - 1].latest_ns : 0;
}

static void add_events(struct track *t, const struct block *f)
{
	uint64_t latest_ns = max(latest_of(t, t->count), f->last_ns);

	mem_grow(t->blocks, t->cap, t->count + 1);
	t->blocks[t->count++] = (struct track_block){ t->offset, t->events, f->last_ns, latest_ns };
	t->events += f->events;
	if (t->end_ns < f->last_ns)
		t->end_ns = f->last_ns;
}

static void add_key(struct track *t, const struct block *f)
{
	if (f->flags & BLOCK_FIRST)
		t->key_offset = t->offset;
	if (!(f->flags & BLOCK_LAST) || !t->key_offset)
		return;
	mem_grow(t->keys, t->key_cap, t->key_count + 1);
	t->keys[t->key_count++] =
	    (struct track_key){ t->key_offset, t->offset + BLOCK_HEAD + f->stored, t->events, false };
	t->key_offset = 0;
}

static void add_block(struct track *t, const struct block *f)
{
	switch (f->type) {
	case BLOCK_EVENTS:
		add_events(t, f);
		break;
	case BLOCK_KEY:
		add_key(t, f);
		break;
	case BLOCK_NOTES:
		mem_grow(t->notes, t->note_cap, t->note_count + 1);
		t->notes[t->note_count++] = t->offset;
		break;
	case BLOCK_INDEX:
		t->index_at = t->offset;
		break;
	default: /* of a later version */
		break;
	}
	t->offset += BLOCK_HEAD + (uint64_t)f->stored;
}

/* A foot comes after an index, and more may come after it. */
static bool pass_foot(struct track *t, uint64_t size)
{
	uint8_t foot[SESSION_FOOT];
	uint64_t index;

	if (!t->index_at || t->offset + SESSION_FOOT > size ||
	    pread(t->fd, foot, sizeof foot, (off_t)t->offset) != (ssize_t)sizeof foot ||
	    !foot_get(foot, &index))
		return false;
	t->closed = true;
	t->offset += SESSION_FOOT;
	return true;
}

bool track_refresh(struct track *t)
{
	uint8_t head[BLOCK_HEAD];
	uint64_t began = t->offset, size;
	struct block block;
	struct stat status;

	if (t->broken || fstat(t->fd, &status) < 0)
		return false;
	size = (uint64_t)status.st_size;
	for (;;) {
		if (pass_foot(t, size))
			continue;
		if (t->offset + BLOCK_HEAD > size ||
		    pread(t->fd, head, sizeof head, (off_t)t->offset) != (ssize_t)sizeof head)
			break;
		if (!block_get(head, &block)) {
			t->broken = true;
			break;
		}
		if (t->offset + BLOCK_HEAD + block.stored > size)
			break;
		t->closed = false;
		bounds_count_block(&t->bounds, block.raw, block.type == BLOCK_EVENTS ? block.events : 0);
		if (!bounds_hold(&t->bounds, t->offset + BLOCK_HEAD + block.stored)) {
			t->broken = t->too_much = true;
			break;
		}
		add_block(t, &block);
	}
	return t->offset != began;
}

bool track_grows(const struct track *t)
{
	return !t->closed && !t->broken && lock_is_held(t->fd);
}

enum track_end track_end(const struct track *t)
{
	if (t->closed)
		return TRACK_CLOSED;
	if (t->too_much)
		return TRACK_TOO_MUCH;
	return t->broken ? TRACK_DAMAGED : TRACK_OPEN;
}

uint64_t track_end_offset(const struct track *t)
{
	return t->offset;
}

uint64_t track_end_ns(const struct track *t)
{
	return t->end_ns;
}

uint64_t track_events(const struct track *t)
{
	return t->events;
}

uint64_t track_index_at(const struct track *t)
{
	return t->index_at;
}

size_t track_notes(const struct track *t, const uint64_t **offsets)
{
	*offsets = t->notes;
	return t->note_count;
}

struct track_key *track_key_before(const struct track *t, uint64_t number)
{
	size_t at;

	bisect(at, 0, t->key_count, t->keys[at].number <= number);
	while (at > 0 && t->keys[at - 1].damaged)
		at--;
	return at ? &t->keys[at - 1] : NULL;
}

struct track_key *track_key_after(const struct track *t, uint64_t number)
{
	size_t at;

	bisect(at, 0, t->key_count, t->keys[at].number <= number);
	while (at < t->key_count && t->keys[at].damaged)
		at++;
	return at < t->key_count ? &t->keys[at] : NULL;
}

uint64_t track_time_before(const struct track *t, uint64_t number)
{
	size_t block = track_block_of(t, number);

	return latest_of(t, block == SIZE_MAX ? t->count : block);
}

size_t track_block_of(const struct track *t, uint64_t number)
{
	size_t at;

	if (number >= t->events)
		return SIZE_MAX;
	bisect(at, 0, t->count, t->blocks[at].number <= number);
	return at - 1;
}

size_t track_block_later(const struct track *t, size_t block, uint64_t time_ns)
{
	while (block < t->count && t->blocks[block].last_ns <= time_ns)
		block++;
	return block < t->count ? block : SIZE_MAX;
}

uint64_t track_block_begin(const struct track *t, size_t block)
{
	return t->blocks[block].number;
}

/* Walking */

void track_iter_init(struct track_iter *w, struct session *session, struct track *track, struct world *world)
{
	*w = (struct track_iter){ .session = session, .track = track, .world = world };
	bounds_watch(&w->bounds, world);
}

struct session *track_iter_session(const struct track_iter *w)
{
	return w->session;
}

struct track *track_iter_track(const struct track_iter *w)
{
	return w->track;
}

uint64_t track_iter_number(const struct track_iter *w)
{
	return w->number;
}

bool track_iter_at_end(const struct track_iter *w)
{
	return w->number >= w->track->events;
}

void track_iter_stand(struct track_iter *w, uint64_t number)
{
	w->open = false;
	w->number = number;
}

void track_iter_cut(const struct track_iter *w)
{
	struct track *t = w->track;
	size_t block = track_block_of(t, w->number);

	if (block == SIZE_MAX)
		return;
	t->closed = false; /* whatever comes after that place */
	t->broken = true;
	t->count = w->number > t->blocks[block].number ? block + 1 : block;
	t->events = w->number;
	t->end_ns = latest_of(t, t->count);
	while (t->key_count && t->keys[t->key_count - 1].number > w->number)
		t->key_count--;
}

static uint64_t end_of(const struct track *t, size_t block)
{
	return block + 1 < t->count ? t->blocks[block + 1].number : t->events;
}

void track_iter_skip(struct track_iter *w)
{
	size_t block = track_block_of(w->track, w->number);

	track_iter_stand(w, block == SIZE_MAX ? w->track->events : end_of(w->track, block));
}

/* The event of the number cannot be read. */
static int fail_at(struct track_iter *w, uint64_t number)
{
	track_iter_stand(w, number);
	return -1;
}

static int open_block(struct track_iter *w, size_t block, struct err *err)
{
	if (session_open_block(w->session, w->track->blocks[block].offset, NULL, err) < 0)
		return fail_at(w, w->track->blocks[block].number);
	w->block = block;
	w->number = w->track->blocks[block].number;
	w->open = true;
	return 0;
}

/* Where the file ends that claims all this: after the block that is open. */
static uint64_t end_of_block(const struct track_iter *w)
{
	const struct track *t = w->track;

	return w->block + 1 < t->count ? t->blocks[w->block + 1].offset : t->offset;
}

static bool within_bounds(struct track_iter *w, const struct event *e)
{
	bool again = w->number < w->counted;

	bounds_count(&w->bounds, e, again);
	if (!again)
		w->counted = w->number + 1;
	return bounds_hold(&w->bounds, end_of_block(w));
}

int track_iter_next(struct track_iter *w, struct event *e, uint64_t *number, struct err *err)
{
	for (;;) {
		int got;

		if (!w->open && track_iter_go(w, w->number, err) < 0)
			return -1;
		if (!w->open)
			return 0;
		got = w->number < end_of(w->track, w->block) ? session_next_of_block(w->session, e, err) : 0;
		if (got > 0 && !within_bounds(w, e))
			got = session_too_much(w->session, err);
		if (got < 0)
			return fail_at(w, w->number);
		if (got) {
			*number = w->number++;
			return 1;
		}
		w->number = end_of(w->track, w->block); /* records of unknown types have numbers, too */
		w->open = false;
		if (track_iter_at_end(w))
			return 0;
	}
}

int track_iter_go(struct track_iter *w, uint64_t number, struct err *err)
{
	size_t block = track_block_of(w->track, number);
	struct event e;

	if (block == SIZE_MAX) {
		track_iter_stand(w, w->track->events);
		return 0;
	}
	if ((!w->open || w->block != block || w->number > number) && open_block(w, block, err) < 0)
		return -1;
	while (w->number < number) {
		int got = session_next_of_block(w->session, &e, err);

		if (got < 0)
			return fail_at(w, w->number);
		if (got == 0) {
			w->number = number;
			break;
		}
		w->number++;
	}
	return 0;
}

int track_iter_visit(struct track_iter *w, uint64_t offset, uint64_t *end, struct err *err)
{
	if (offset != w->visited_end) {
		w->visit = (struct bounds){ 0 };
		bounds_watch(&w->visit, w->world);
	}
	w->open = false;
	if (session_open_block(w->session, offset, &w->visited_end, err) < 0)
		return -1;
	if (end)
		*end = w->visited_end;
	return 0;
}

int track_iter_visited(struct track_iter *w, struct event *e, struct err *err)
{
	int got = session_next_of_block(w->session, e, err);

	if (got <= 0)
		return got;
	bounds_count(&w->visit, e, false);
	return bounds_hold(&w->visit, w->visited_end) ? 1 : session_too_much(w->session, err);
}

int track_iter_key(struct track_iter *w, const struct track_key *key, void (*take)(void *, struct event *),
		   void *arg)
{
	uint64_t offset = key->offset;
	struct event e;
	int got = 0;

	while (got == 0 && offset < key->end) {
		if (track_iter_visit(w, offset, &offset, NULL) < 0)
			return -1;
		while ((got = track_iter_visited(w, &e, NULL)) > 0)
			take(arg, &e);
	}
	return got;
}
