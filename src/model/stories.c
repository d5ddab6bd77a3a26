/* A hash table in which a page has a place in WINDOW neighbouring slots and nowhere else:
 *
 *     hash(page) = 5    . . . . . [5 6 7 8 9 10 ... 20] . . .
 *
 * So a search looks at these, a removal just frees one, and when all are taken the table
 * doubles, or at its largest the oldest of them goes. The keys lie apart from the stories:
 * those of a window are a line or two of the processor's cache. */
#include "model/stories.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define WINDOW 16
#define SIZE_MIN 1024
#define SIZE_MAX_SLOTS ((size_t)1 << 18)

/* Eight neighbours lie side by side, for they are often touched one after the other; the next
 * eight lie elsewhere, so that a stretch of many does not fill a part of the table. */
static size_t hash(uint64_t page, size_t size)
{
	return (size_t)((page >> 3) * UINT64_C(0x9e3779b97f4a7c15) >> 32 << 3 | (page & 7)) & (size - 1);
}

static size_t slot_of(const struct stories *s, uint64_t page, size_t i)
{
	return (hash(page, s->size) + i) & (s->size - 1);
}

#define NOWHERE SIZE_MAX

static size_t find(const struct stories *s, uint64_t page)
{
	for (size_t i = 0; s->size && i < WINDOW; i++)
		if (s->keys[slot_of(s, page, i)] == page + 1)
			return slot_of(s, page, i);
	return NOWHERE;
}

/* A free slot, or else the oldest of the page's. */
static size_t choose(const struct stories *s, uint64_t page)
{
	size_t best = slot_of(s, page, 0);
	for (size_t i = 0; i < WINDOW; i++)
		if (!s->keys[slot_of(s, page, i)])
			return slot_of(s, page, i);
	for (size_t i = 1; i < WINDOW; i++) {
		size_t at = slot_of(s, page, i);
		if (s->slots[at].time_ns < s->slots[best].time_ns)
			best = at;
	}
	return best;
}

static void grow(struct stories *s)
{
	struct stories old = *s;
	s->size = old.size ? 2 * old.size : SIZE_MIN;
	s->keys = mem_zalloc(s->size * sizeof *s->keys);
	s->slots = mem_alloc(s->size * sizeof *s->slots);
	for (size_t i = 0; i < old.size; i++)
		if (old.keys[i]) {
			size_t at = choose(s, old.keys[i] - 1);
			s->keys[at] = old.keys[i];
			s->slots[at] = old.slots[i];
		}
	free(old.keys);
	free(old.slots);
}

void stories_note(struct stories *s, uint64_t page, uint64_t time_ns, const struct event_fault *fault,
		  uint32_t stack)
{
	size_t slot = find(s, page);
	while (slot == NOWHERE) {
		slot = s->size ? choose(s, page) : NOWHERE;
		if (slot != NOWHERE && (!s->keys[slot] || s->size >= SIZE_MAX_SLOTS))
			break;
		grow(s);
		slot = NOWHERE;
	}
	s->keys[slot] = page + 1;
	s->slots[slot] = (struct story){time_ns, *fault, stack};
}

const struct story *stories_find(const struct stories *s, uint64_t page)
{
	size_t slot = find(s, page);
	return slot == NOWHERE ? NULL : &s->slots[slot];
}

void stories_forget(struct stories *s, uint64_t first, uint64_t end)
{
	size_t slot;
	if (end - first <= s->size) {
		for (uint64_t page = first; page < end; page++)
			if ((slot = find(s, page)) != NOWHERE)
				s->keys[slot] = 0;
		return;
	}
	for (size_t i = 0; i < s->size; i++)
		if (s->keys[i] > first && s->keys[i] <= end)
			s->keys[i] = 0;
}

struct stories stories_copy(const struct stories *s)
{
	struct stories copy = *s;
	if (s->slots) {
		copy.keys = mem_alloc(s->size * sizeof *copy.keys);
		memcpy(copy.keys, s->keys, s->size * sizeof *copy.keys);
		copy.slots = mem_alloc(s->size * sizeof *copy.slots);
		memcpy(copy.slots, s->slots, s->size * sizeof *copy.slots);
	}
	return copy;
}

void stories_fini(struct stories *s)
{
	free(s->keys);
	free(s->slots);
	*s = (struct stories){0};
}
