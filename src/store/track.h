/* The events of a session file as one numbered sequence: how many there are, when, and how to get to any of
 * them.
 *
 *     blocks   |0 ... 999|key|1000 ... 1830|1831 ... 2400|index|foot|notes|
 *                    ^ number 500 is the 501st event; keyframes have no numbers
 *
 * Made from the heads of the blocks alone, which is cheap even for the largest file, and updated as the file
 * grows. */
#ifndef STORE_TRACK_H
#define STORE_TRACK_H

#include "event/event.h"
#include "store/bounds.h"
#include "store/session.h"

struct track_block {
	uint64_t offset;
	uint64_t number; /* of its first event */
	uint64_t last_ns;
	uint64_t latest_ns; /* of it and all blocks before it */
};

/* A complete keyframe: the picture before the event with this number. */
struct track_key {
	uint64_t offset, end; /* of its blocks in the file */
	uint64_t number;
	bool damaged; /* found when it was read */
};

struct track {
	int fd; /* the session's */
	struct track_block *blocks;
	size_t count, cap;
	struct track_key *keys;
	size_t key_count, key_cap;
	uint64_t *notes; /* offsets of blocks of notes */
	size_t note_count, note_cap;
	uint64_t events, end_ns;
	uint64_t index_at;
	bool closed;          /* after the index there is a foot */
	bool broken;          /* a block is malformed: nothing after it counts */
	bool too_much;        /* ... or claimed more than the file may */
	struct bounds bounds; /* of all blocks */
	/* a keyframe that has begun and not ended yet */
	uint64_t offset, key_offset;
};

/* Reads what the session has at present. The session stays the caller's. */
void track_init(struct track *, const struct session *);
void track_fini(struct track *);
/* Reads what was written since; true if there was something. */
bool track_refresh(struct track *);
/* Is the file being recorded right now, with no foot read yet? */
bool track_grows(const struct track *);
/* How it ends. */
enum track_end {
	TRACK_CLOSED,   /* it ends with a foot */
	TRACK_OPEN,     /* without a foot: it breaks off, or is still being recorded */
	TRACK_DAMAGED,  /* a block is malformed */
	TRACK_TOO_MUCH, /* a block claimed more than the file may */
};
enum track_end track_end(const struct track *);
/* The offset at which the last block that counts ends, including the foot after it. */
uint64_t track_end_offset(const struct track *);
/* The latest time of all events. */
uint64_t track_end_ns(const struct track *);
/* How many events there are: the number of the one that would come next. */
uint64_t track_events(const struct track *);
/* The offset of the last index; 0: there is none. */
uint64_t track_index_at(const struct track *);
/* How many blocks of notes there are; *offsets: their offsets, valid until the next track_refresh. */
size_t track_notes(const struct track *, const uint64_t **offsets);
/* The last keyframe at or before the event with this number; NULL: none. */
struct track_key *track_key_before(const struct track *, uint64_t number);
/* The first one after it. */
struct track_key *track_key_after(const struct track *, uint64_t number);
/* The latest time of all events before the first one of a block, which has this number; 0: there is none before it. */
uint64_t track_time_before(const struct track *, uint64_t number);
/* The block that has the event with this number; the first one, from `block` on, that has an event later than
 * the time. SIZE_MAX: there is none. */
size_t track_block_of(const struct track *, uint64_t number);
size_t track_block_later(const struct track *, size_t block, uint64_t time_ns);
/* The number of the first event of a block. */
uint64_t track_block_begin(const struct track *, size_t block);

/* Events one after the other, from any number on. What cannot be read changes nothing for the track, until it is cut there
 * because nothing after it can be shown (store/gaps.h). */
struct track_iter {
	struct session *session;
	struct track *track;
	struct world *world;
	size_t block;    /* the one that is open, where open */
	uint64_t number; /* of the event that comes next, or that cannot be read */
	bool open;
	uint64_t counted;     /* events before this number were already counted */
	uint64_t visited_end; /* the end offset of the block that was visited last */
	struct bounds bounds; /* of what was read */
	struct bounds visit;  /* of blocks visited in a row */
};

/* Starts before the first event. The session, of the same file, must not be read by anything else meanwhile;
 * `world` is where the events go; NULL: nowhere. All stay the caller's. */
void track_iter_init(struct track_iter *, struct session *, struct track *, struct world *world);
struct session *track_iter_session(const struct track_iter *);
struct track *track_iter_track(const struct track_iter *);
/* The number of the event that comes next. */
uint64_t track_iter_number(const struct track_iter *);
/* Are there no more (yet)? */
bool track_iter_at_end(const struct track_iter *);
/* Makes the event with this number the next one; it is looked up when it is read. */
void track_iter_stand(struct track_iter *, uint64_t number);
/* Goes there now. -1: the file cannot be read there, and the event of this number is the first that cannot. */
int track_iter_go(struct track_iter *, uint64_t number, struct err *);
/* Reads the next event, with its number: 1; 0 at the end; -1 as above. */
int track_iter_next(struct track_iter *, struct event *, uint64_t *number, struct err *);
/* After -1: the track ends before the event that cannot be read. Nothing else may go along it. */
void track_iter_cut(const struct track_iter *);
/* After -1: stands at the block after the one that cannot be read. */
void track_iter_skip(struct track_iter *);
/* Reads a block of a keyframe, or of notes, in place of the row's; *end, where not NULL, is where
 * the block after it begins. -1: it cannot be read. */
int track_iter_visit(struct track_iter *, uint64_t offset, uint64_t *end, struct err *);
int track_iter_visited(struct track_iter *, struct event *, struct err *);
/* Hands on all events of a keyframe, one by one. -1: one of its blocks cannot be read. */
int track_iter_key(struct track_iter *, const struct track_key *, void (*take)(void *, struct event *),
		   void *arg);

#endif
