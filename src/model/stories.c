/* A hash table in which a page has a place in WINDOW neighbouring slots and nowhere else:
 *
 *     hash(page) = 5    . . . . . [5 6 7 8 9 10 11 12] . . .
 *
 * So a search looks at these, a removal just frees one, and when all are taken the table
 * doubles, or at its largest the oldest of them goes. The keys are kept once more by
 * themselves: a window of them is one line of the processor's cache. */
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

/* The slot with this key of the page's; NULL where there is none. */
static struct story *find_key(const struct stories *s, uint64_t page, uint64_t key)
{
	size_t first = hash(page, s->size), mask = s->size - 1;
	for (size_t i = 0; s->size && i < WINDOW; i++)
		if (s->keys[(first + i) & mask] == key)
			return &s->slots[(first + i) & mask];
	return NULL;
}

static struct story *find(const struct stories *s, uint64_t page)
{
	return find_key(s, page, page + 1);
}

/* A free slot, or else the oldest of the page's. */
static struct story *choose(const struct stories *s, uint64_t page)
{
	struct story *best = find_key(s, page, 0);
	if (best)
		return best;
	best = slot_of(s, page, 0);
	for (size_t i = 1; i < WINDOW; i++)
		if (slot_of(s, page, i)->time_ns < best->time_ns)
			best = slot_of(s, page, i);
	return best;
}

static void set_key(struct stories *s, struct story *slot, uint64_t key)
{
	slot->key = s->keys[slot - s->slots] = key;
}

static void grow(struct stories *s)
{
	struct stories old = *s;
	s->size = old.size ? 2 * old.size : SIZE_MIN;
	s->slots = mem_zalloc(s->size * sizeof *s->slots);
	s->keys = mem_zalloc(s->size * sizeof *s->keys);
	for (size_t i = 0; i < old.size; i++) {
		struct story *to = old.slots[i].key ? choose(s, old.slots[i].key - 1) : NULL;
		if (to) {
			*to = old.slots[i];
			set_key(s, to, to->key);
		}
	}
	free(old.slots);
	free(old.keys);
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
	set_key(s, slot, page + 1);
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
				set_key(s, slot, 0);
		return;
	}
	for (size_t i = 0; i < s->size; i++)
		if (s->keys[i] > first && s->keys[i] <= end)
			set_key(s, &s->slots[i], 0);
}

struct stories stories_copy(const struct stories *s)
{
	struct stories copy = *s;
	if (s->slots) {
		copy.slots = mem_alloc(s->size * sizeof *copy.slots);
		memcpy(copy.slots, s->slots, s->size * sizeof *copy.slots);
		copy.keys = mem_alloc(s->size * sizeof *copy.keys);
		memcpy(copy.keys, s->keys, s->size * sizeof *copy.keys);
	}
	return copy;
}

void stories_fini(struct stories *s)
{
	free(s->slots);
	free(s->keys);
	*s = (struct stories){0};
}
