/* A hash table in which a page has a place in WINDOW neighbouring slots and nowhere else:
 *
 *     hash(page) = 5    . . . . . [5 6 7 8 9 10 ... 20] . . .
 *
 * So a search looks only at these, up to the first slot that was never taken. When all are taken, the table
 * doubles; at its largest, the oldest of them goes. After the last slot there is room for a window, so that
 * none has to wrap around. The keys are kept apart from the stories: those of a window take a line or two of
 * the processor's cache. */
#include "model/stories.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define WINDOW 16
#define FIND_COST 32 /* finding one page takes as long as going over this many slots */
#define SIZE_MIN 1024
#define SIZE_MAX_SLOTS ((size_t)1 << 18)

/* Eight neighbours are side by side, because they are often touched one after another; the next eight are
 * elsewhere, so that a long range does not fill one part of the table. */
static size_t hash(uint64_t page, size_t size)
{
	return (size_t)((page >> 3) * UINT64_C(0x9e3779b97f4a7c15) >> 32 << 3 | (page & 7)) & (size - 1);
}

#define NOWHERE SIZE_MAX

static size_t find(const struct stories *s, uint64_t page)
{
	size_t first = s->size ? hash(page, s->size) : 0, end = s->size ? first + WINDOW : 0;
	for (size_t at = first; at < end && s->keys[at]; at++)
		if (s->keys[at] == page + 1)
			return at;
	return NOWHERE;
}

/* The page's own slot, or else the first free one. */
static size_t find_or_free(const struct stories *s, uint64_t page)
{
	size_t first = s->size ? hash(page, s->size) : 0, end = s->size ? first + WINDOW : 0, free = NOWHERE;
	for (size_t at = first; at < end; at++) {
		if (s->keys[at] == page + 1)
			return at;
		if (free == NOWHERE && !stories_has(s, at))
			free = at;
		if (!s->keys[at])
			break;
	}
	return free;
}

static size_t oldest(const struct stories *s, uint64_t page)
{
	size_t first = hash(page, s->size), best = first;
	for (size_t at = first + 1; at < first + WINDOW; at++)
		if (s->slots[at].time_ns < s->slots[best].time_ns)
			best = at;
	return best;
}

static void put(struct stories *s, size_t at, uint64_t key, const struct story *story)
{
	s->keys[at] = key;
	s->slots[at] = *story;
}

void stories_clear(struct stories *s)
{
	if (s->keys)
		memset(s->keys, 0, s->count * sizeof *s->keys);
}

static void grow(struct stories *s)
{
	struct stories old = *s;
	s->size = old.size ? 2 * old.size : SIZE_MIN;
	s->count = s->size + WINDOW - 1;
	s->keys = mem_alloc_large(s->count * sizeof *s->keys);
	s->slots = mem_alloc_large(s->count * sizeof *s->slots);
	stories_clear(s);
	for (size_t i = 0; i < old.count; i++)
		if (stories_has(&old, i)) {
			size_t at = find_or_free(s, old.keys[i] - 1);
			if (at == NOWHERE)
				at = oldest(s, old.keys[i] - 1);
			put(s, at, old.keys[i], &old.slots[i]);
		}
	stories_fini(&old);
}

static void note(struct stories *s, uint64_t page, const struct story *story)
{
	size_t at;
	if (s->size) /* prefetched while the keys are searched */
		__builtin_prefetch(&s->slots[hash(page, s->size)], 1);
	at = find_or_free(s, page);
	while (at == NOWHERE && s->size < SIZE_MAX_SLOTS) {
		grow(s);
		at = find_or_free(s, page);
	}
	put(s, at == NOWHERE ? oldest(s, page) : at, page + 1, story);
}

void stories_note(struct stories *s, uint64_t page, uint64_t time_ns, const struct event_fault *fault,
		  uint32_t stack)
{
	note(s, page, &(struct story){ .time_ns = time_ns, .fault = *fault, .stack = stack });
}

/* Processes send their faults one after the other, so the page may already have a later one of this
 * process. */
void stories_note_other(struct stories *s, uint64_t page, uint64_t time_ns, const struct event_fault *fault,
			uint32_t stack)
{
	const struct story *last = stories_find(s, page);

	if (!last || last->time_ns < time_ns)
		note(s, page,
		     &(struct story){ .time_ns = time_ns, .fault = *fault, .other = true, .stack = stack });
}

const struct story *stories_find(const struct stories *s, uint64_t page)
{
	size_t slot = find(s, page);
	return slot == NOWHERE ? NULL : &s->slots[slot];
}

void stories_forget(struct stories *s, uint64_t first, uint64_t end)
{
	size_t slot;
	if ((end - first) * FIND_COST <= s->size) {
		for (uint64_t page = first; page < end; page++)
			if ((slot = find(s, page)) != NOWHERE)
				s->keys[slot] = STORIES_GONE;
		return;
	}
	for (size_t i = 0; i < s->count; i++)
		if (s->keys[i] > first && s->keys[i] <= end)
			s->keys[i] = STORIES_GONE;
}

struct stories stories_copy(const struct stories *s)
{
	struct stories copy = *s;

	copy.keys = mem_copy(s->keys, s->count * sizeof *copy.keys);
	copy.slots = mem_copy(s->slots, s->count * sizeof *copy.slots);
	return copy;
}

void stories_fini(struct stories *s)
{
	free(s->keys);
	free(s->slots);
	*s = (struct stories){ 0 };
}
