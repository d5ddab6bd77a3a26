/* A hash table in which a page has a place in WINDOW neighbouring slots and nowhere else:
 *
 *     hash(page) = 5    . . . . . [5 6 7 8 9 10 ... 20] . . .
 *
 * So a search looks at these, a removal just frees one, and when all are taken the table
 * grows, or at its largest the oldest of them goes. Keys and times lie apart from the stories:
 * those of a window are two or three lines of the processor's cache. */
#include "model/stories.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define WINDOW 16
#define SIZE_MIN 1024
#define GROWTH 4
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

/* Where the page's story is, or else a free slot for it. */
static size_t find_room(const struct stories *s, uint64_t page)
{
	size_t room = NOWHERE;
	for (size_t i = 0; s->size && i < WINDOW; i++) {
		size_t at = slot_of(s, page, i);
		if (s->keys[at] == page + 1)
			return at;
		if (room == NOWHERE && !s->keys[at])
			room = at;
	}
	return room;
}

static size_t find_oldest(const struct stories *s, uint64_t page)
{
	size_t best = slot_of(s, page, 0);
	for (size_t i = 1; i < WINDOW; i++) {
		size_t at = slot_of(s, page, i);
		if (s->times[at] < s->times[best])
			best = at;
	}
	return best;
}

static void allocate(struct stories *s, size_t size)
{
	s->size = size;
	s->keys = mem_zalloc(size * sizeof *s->keys);
	s->times = mem_alloc(size * sizeof *s->times);
	s->slots = mem_alloc_large(size * sizeof *s->slots);
}

static void put(struct stories *s, size_t slot, uint64_t page, const struct story *story)
{
	s->keys[slot] = page + 1;
	s->times[slot] = story->time_ns;
	s->slots[slot] = *story;
}

static void grow(struct stories *s)
{
	struct stories old = *s;
	allocate(s, old.size ? GROWTH * old.size : SIZE_MIN);
	for (size_t i = 0; i < old.size; i++)
		if (old.keys[i]) {
			size_t room = find_room(s, old.keys[i] - 1);
			put(s, room != NOWHERE ? room : find_oldest(s, old.keys[i] - 1), old.keys[i] - 1,
			    &old.slots[i]);
		}
	stories_fini(&old);
}

void stories_note(struct stories *s, uint64_t page, uint64_t time_ns, const struct event_fault *fault,
		  uint32_t stack)
{
	struct story story = {time_ns, *fault, stack};
	size_t slot;
	while ((slot = find_room(s, page)) == NOWHERE) {
		if (s->size >= SIZE_MAX_SLOTS) {
			slot = find_oldest(s, page);
			break;
		}
		grow(s);
	}
	put(s, slot, page, &story);
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
	struct stories copy = {0};
	if (!s->size)
		return copy;
	allocate(&copy, s->size);
	for (size_t i = 0; i < s->size; i++)
		if (s->keys[i])
			put(&copy, i, s->keys[i] - 1, &s->slots[i]);
	return copy;
}

void stories_fini(struct stories *s)
{
	free(s->keys);
	free(s->times);
	free(s->slots);
	*s = (struct stories){0};
}
