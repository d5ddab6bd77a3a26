/* The last things told of, the latest first: what comes again is told by its place, which is
 * a small number and mostly the same ones. Writer and reader keep the same list. */
#ifndef STORE_RECENT_H
#define STORE_RECENT_H

#include <stddef.h>
#include <stdint.h>

#define RECENT_MAX 255 /* a place, and one more for "none of these", is a byte */

struct recent {
	size_t count;
	uint64_t keys[RECENT_MAX];
	uint64_t notes[RECENT_MAX]; /* what is kept beside each */
};

/* The place of the key; count where it is not there. */
size_t recent_find(const struct recent *, uint64_t key);
/* Brings the place, which is below count, to the front. */
void recent_raise(struct recent *, size_t place);
/* Puts one in front; of more than `max` the last is forgotten. Its note is 0. */
void recent_add(struct recent *, uint64_t key, size_t max);

#endif
