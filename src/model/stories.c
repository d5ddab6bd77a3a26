/* A hash table in which a page has a place in WINDOW neighbouring slots and nowhere else:
 *
 *     hash(page) = 5    . . . . . [5 6 7 8 9 10 11 12] . . .
 *
 * So a search looks at these, a removal just frees one, and when all are taken the table
 * doubles, or at its largest the oldest of them goes. */
#include "model/stories.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define WINDOW 8
#define SIZE_MIN 1024
#define SIZE_MAX_SLOTS ((size_t)1 << 18)

/* Neighbouring pages are spread far: they come together. */
static size_t hash(uint64_t page, size_t size)
{
	return (size_t)(page * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (size - 1);
}

static struct story *slot_of(const struct stories *s, uint64_t page, size_t i)
{
	return &s->slots[(hash(page, s->size) + i) & (s->size - 1)];
}

static struct story *find(const struct stories *s, uint64_t page)
{
	for (size_t i = 0; s->size && i < WINDOW; i++)
		if (slot_of(s, page, i)->key == page + 1)
			return slot_of(s, page, i);
	return NULL;
}

/* A free slot, or else the oldest of the page's. */
static struct story *choose(const struct stories *s, uint64_t page)
{
	struct story *best = slot_of(s, page, 0);
	for (size_t i = 0; i < WINDOW && best->key; i++) {
		struct story *at = slot_of(s, page, i);
		if (!at->key || at->time_ns < best->time_ns)
			best = at;
	}
	return best;
}

static void grow(struct stories *s)
{
	struct stories old = *s;
	s->size = old.size ? 2 * old.size : SIZE_MIN;
	s->slots = mem_zalloc(s->size * sizeof *s->slots);
	for (size_t i = 0; i < old.size; i++)
		if (old.slots[i].key)
			*choose(s, old.slots[i].key - 1) = old.slots[i];
	free(old.slots);
}

void stories_note(struct stories *s, uint64_t page, uint64_t time_ns, const struct event_fault *fault,
		  uint32_t stack)
{
	struct story *slot = find(s, page);
	while (!slot) {
		slot = s->size ? choose(s, page) : NULL;
		if (slot && (!slot->key || s->size >= SIZE_MAX_SLOTS))
			break;
		grow(s);
		slot = NULL;
	}
	*slot = (struct story){page + 1, time_ns, *fault, stack};
}

const struct story *stories_find(const struct stories *s, uint64_t page)
{
	return find(s, page);
}

void stories_forget(struct stories *s, uint64_t first, uint64_t end)
{
	struct story *slot;
	if (end - first <= s->size) {
		for (uint64_t page = first; page < end; page++)
			if ((slot = find(s, page)))
				slot->key = 0;
		return;
	}
	for (size_t i = 0; i < s->size; i++)
		if (s->slots[i].key > first && s->slots[i].key <= end)
			s->slots[i].key = 0;
}

struct stories stories_copy(const struct stories *s)
{
	struct stories copy = *s;
	if (s->slots) {
		copy.slots = mem_alloc(s->size * sizeof *copy.slots);
		memcpy(copy.slots, s->slots, s->size * sizeof *copy.slots);
	}
	return copy;
}

void stories_fini(struct stories *s)
{
	free(s->slots);
	*s = (struct stories){0};
}
