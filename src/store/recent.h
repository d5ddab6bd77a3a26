/* The most recent values, the latest first: a value that comes again is given by its place in the list, which is
 * a small number and often the same one. Writer and reader keep the same list. A file of its own, as its
 * common cases have to be inline, and fault_columns.c has several such lists. */
#ifndef STORE_RECENT_H
#define STORE_RECENT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define RECENT_MAX 255 /* a place, and one more for "none of these", is a byte */

struct recent_item {
	uint64_t key;
	uint64_t note; /* what is kept beside it */
};

/* Items stay where they are, their numbers move: places asked for are near the front. */
struct recent {
	size_t count;
	uint8_t order[RECENT_MAX]; /* numbers of items by place */
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

static inline struct recent_item *recent_at(struct recent *r, size_t place)
{
	return &r->items[r->order[place]];
}

/* recent_find for a key that is not the first. */
size_t recent_find_behind(const struct recent *, uint64_t key);

/* The place of the key; recent_count where it is not there. */
static inline size_t recent_find(const struct recent *r, uint64_t key)
{
	return r->count && r->items[r->order[0]].key == key ? 0 : recent_find_behind(r, key);
}

/* Brings the place, where one is, to the front. */
static inline void recent_raise(struct recent *r, size_t place)
{
	uint8_t item = r->order[place];

	if (!place)
		return;
	memmove(r->order + 1, r->order, place);
	r->order[0] = item;
}

/* Puts one in front; of more than `max` the last is forgotten. Its note is 0. */
void recent_add(struct recent *, uint64_t key, size_t max);

#endif
