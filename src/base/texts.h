/* Interned texts: each is kept once, and its number is its place in the order of arrival. */
#ifndef BASE_TEXTS_H
#define BASE_TEXTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

/* Zeroes are an empty one. */
struct texts {
	char **list; /* owned; they stay where they are */
	size_t count, cap;
	struct hash hash; /* number + 1 */
};

/* Sets *number to the text's number; false if it is not there. */
bool texts_find(const struct texts *, const char *text, uint32_t *number);
/* The number of a text. Appends a copy if it was not there before. */
uint32_t texts_add(struct texts *, const char *text);
void texts_fini(struct texts *); /* it can be used again */

#endif
