/* The most recent values, the latest first: a repeated value is encoded as its position in the list (move to
 * front), which is a small number and often the same one. Writer and reader keep the same list. A separate
 * file, because the common cases have to be inline, and fault_columns.c has several such lists. */
#ifndef STORE_RECENT_H
#define STORE_RECENT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define RECENT_MAX 255 /* a position, and one more for "none of these", is a byte */

struct recent_item {
	uint64_t key;
	uint64_t note; /* what is kept beside it */
};

/* Items stay where they are, only their numbers move: positions that are asked for are near the front. */
struct recent {
	size_t count;
	uint8_t order[RECENT_MAX]; /* numbers of items by position */
	struct recent_item items[RECENT_MAX];
};

static inline size_t recent_count(const struct recent *r)
{
	return r->count;
}

static inline void recent_clear(struct recent *r)
{
	r->count = 0;
}

static inline struct recent_item *recent_at(struct recent *r, size_t position)
{
	return &r->items[r->order[position]];
}

/* recent_find for a key that is not in front. */
size_t recent_find_behind(const struct recent *, uint64_t key);

/* The position of the key; recent_count if it is not there. */
static inline size_t recent_find(const struct recent *r, uint64_t key)
{
	return r->count && r->items[r->order[0]].key == key ? 0 : recent_find_behind(r, key);
}

/* Moves the item at a position to the front. */
static inline void recent_raise(struct recent *r, size_t position)
{
	uint8_t item = r->order[position];

	if (!position)
		return;
	memmove(r->order + 1, r->order, position);
	r->order[0] = item;
}

/* Puts a new item in front, with note 0; if there are more than `max`, the last is dropped. */
void recent_add(struct recent *, uint64_t key, size_t max);

#endif
