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

#define NOWHERE SIZE_MAX

static size_t place_of(const struct stories *s, uint64_t page, size_t i)
{
	return (hash(page, s->size) + i) & (s->size - 1);
}

static size_t find(const struct stories *s, uint64_t page)
{
	for (size_t i = 0; s->size && i < WINDOW; i++)
		if (s->keys[place_of(s, page, i)] == page + 1)
			return place_of(s, page, i);
	return NOWHERE;
}

/* A free slot, or else the oldest of the page's. */
static size_t choose(const struct stories *s, uint64_t page)
{
	size_t best = place_of(s, page, 0);
	for (size_t i = 0; i < WINDOW; i++)
		if (!s->keys[place_of(s, page, i)])
			return place_of(s, page, i);
	for (size_t i = 1; i < WINDOW; i++) {
		size_t at = place_of(s, page, i);
		if (s->slots[at].time_ns < s->slots[best].time_ns)
			best = at;
	}
	return best;
}

static void put(struct stories *s, size_t at, const struct story *story)
{
	s->count += !s->keys[at];
	s->keys[at] = story->key;
	s->slots[at] = *story;
}

static void free_slot(struct stories *s, size_t at)
{
	s->count--;
	s->keys[at] = s->slots[at].key = 0;
}

static void resize(struct stories *s, size_t size)
{
	struct stories old = *s;
	*s = (struct stories){.size = size};
	s->keys = mem_zalloc(size * sizeof *s->keys);
	s->slots = mem_zalloc(size * sizeof *s->slots);
	for (size_t i = 0; i < old.size; i++)
		if (old.keys[i])
			put(s, choose(s, old.keys[i] - 1), &old.slots[i]);
	free(old.keys);
	free(old.slots);
}

void stories_reserve(struct stories *s, size_t count)
{
	size_t size = s->size ? s->size : SIZE_MIN;
	while (size < SIZE_MAX_SLOTS && size < 2 * count)
		size *= 2;
	if (size > s->size)
		resize(s, size);
}

void stories_note(struct stories *s, uint64_t page, uint64_t time_ns, const struct event_fault *fault,
		  uint32_t stack)
{
	size_t at = find(s, page);
	while (at == NOWHERE) {
		at = s->size ? choose(s, page) : NOWHERE;
		if (at != NOWHERE && (!s->keys[at] || s->size >= SIZE_MAX_SLOTS))
			break;
		resize(s, s->size ? 2 * s->size : SIZE_MIN);
		at = NOWHERE;
	}
	put(s, at, &(struct story){page + 1, time_ns, *fault, stack});
}

const struct story *stories_find(const struct stories *s, uint64_t page)
{
	size_t at = find(s, page);
	return at == NOWHERE ? NULL : &s->slots[at];
}

void stories_forget(struct stories *s, uint64_t first, uint64_t end)
{
	size_t at;
	if (end - first <= s->size) {
		for (uint64_t page = first; page < end; page++)
			if ((at = find(s, page)) != NOWHERE)
				free_slot(s, at);
		return;
	}
	for (size_t i = 0; i < s->size; i++)
		if (s->keys[i] > first && s->keys[i] <= end)
			free_slot(s, i);
}

struct stories stories_copy(const struct stories *s)
{
	struct stories copy = *s;
	if (s->slots) {
		copy.keys = mem_alloc(s->size * sizeof *copy.keys);
		copy.slots = mem_alloc(s->size * sizeof *copy.slots);
		memcpy(copy.keys, s->keys, s->size * sizeof *copy.keys);
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
