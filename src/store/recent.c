/* An array that is moved by one: places asked for are near the front. */
#include "store/recent.h"

#include <string.h>

size_t recent_find(const struct recent *r, uint64_t key)
{
	size_t at = 0;

	while (at < r->count && r->keys[at] != key)
		at++;
	return at;
}

void recent_raise(struct recent *r, size_t place)
{
	uint64_t key = r->keys[place], note = r->notes[place];

	memmove(r->keys + 1, r->keys, place * sizeof *r->keys);
	memmove(r->notes + 1, r->notes, place * sizeof *r->notes);
	r->keys[0] = key;
	r->notes[0] = note;
}

void recent_add(struct recent *r, uint64_t key, size_t max)
{
	if (r->count < max)
		r->count++;
	recent_raise(r, r->count - 1);
	r->keys[0] = key;
	r->notes[0] = 0;
}
