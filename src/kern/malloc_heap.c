/* A chunk, at a multiple of 16:
 *
 *     +0   size of the chunk before, if that is free
 *     +8   size; its lowest bits: 1 the chunk before is in use, 2 mapped by itself, 4 not of the main arena
 *     +16  the program's memory
 *
 * Whether a chunk is free is marked in the one after it. The last one is the top. The main arena's first
 * chunk is at the beginning of [heap]; a thread's heap begins with
 *
 *     +0 arena   +8 the heap before   +16 size of the heap
 *
 * and, if it is the arena's first, its struct malloc_state of 0x898 bytes: then chunks. An earlier heap ends
 * in unused chunks, the last of size 0. A wrong beginning is noticed, because no chain leads from it to the
 * end. */
#include "kern/malloc_heap.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define HEADER 16
#define CHUNK_MIN 0x20
#define SIZE_BITS UINT64_C(7)
#define STATE_SIZE 0x898
#define WINDOW ((size_t)64 << 10)
#define CHUNKS_MAX (UINT64_C(1) << 26)

struct chunks {
	struct malloc_heap *heap;
	uint8_t *window;
	uint64_t at; /* of the window */
	size_t len;
};

static bool read_word(struct chunks *w, uint64_t address, uint64_t *word)
{
	if (address < w->at || address + sizeof *word > w->at + w->len) {
		w->at = address;
		w->len = w->heap->peek(w->heap->context, address, w->window, WINDOW);
	}
	if (w->len < sizeof *word || address - w->at > w->len - sizeof *word)
		return false;
	memcpy(word, w->window + (address - w->at), sizeof *word);
	return true;
}

/* Reads the size in the header at `at`, with its bits; false if it is implausible. */
static bool read_size(struct chunks *w, uint64_t at, uint64_t end, uint64_t *size)
{
	return end - at >= HEADER && read_word(w, at + 8, size) && (*size & ~SIZE_BITS) <= end - at &&
	       (*size & 8) == 0 && !(*size & 2);
}

/* Goes over all chunks; with `report`, passes on the free ones. */
static bool go(struct chunks *w, uint64_t first, uint64_t end, bool report)
{
	struct malloc_heap *h = w->heap;
	uint64_t at = first, size, next;

	h->used = h->unused = h->top = 0;
	for (uint64_t n = 0; n < CHUNKS_MAX; n++) {
		if (!read_size(w, at, end, &size))
			return false;
		size &= ~SIZE_BITS;
		if (size == 0 && end - at <= 2 * HEADER)
			return true; /* the end of a heap that is full */
		if (size < CHUNK_MIN && !(size == HEADER && end - at <= CHUNK_MIN + HEADER))
			return false;
		if (size == end - at) {
			h->top = size;
			if (report)
				h->free(h->context, at + HEADER, end);
			return true;
		}
		if (!read_size(w, at + size, end, &next))
			return false;
		*(next & 1 ? &h->used : &h->unused) += size;
		if (report && !(next & 1)) /* its links and its size stay */
			h->free(h->context, at + 2 * HEADER + HEADER, at + size);
		at += size;
	}
	return false;
}

static uint64_t aligned(uint64_t address)
{
	return (address + 15) & ~UINT64_C(15);
}

/* Where the first chunk of a thread's heap can be: the size of its head differs between versions of glibc. */
static size_t first_chunks(struct chunks *w, uint64_t start, uint64_t *end, uint64_t first[static 3])
{
	uint64_t arena, size;

	if (!read_word(w, start, &arena) || !read_word(w, start + 16, &size) || size > *end - start ||
	    size < 4096)
		return 0;
	*end = start + size;
	if (arena > start && arena - start <= 0x80) {
		first[0] = aligned(arena + STATE_SIZE);
		return 1;
	}
	first[0] = start + 0x30;
	first[1] = start + 0x20;
	return 2;
}

bool malloc_heap_measure(struct malloc_heap *heap, uint64_t start, uint64_t end, bool main_arena)
{
	struct chunks w = { .heap = heap, .window = mem_alloc(WINDOW) };
	uint64_t first[3] = { start };
	size_t tries = main_arena ? 1 : first_chunks(&w, start, &end, first);
	bool found = false;

	for (size_t i = 0; i < tries && !found; i++)
		found = go(&w, first[i], end, false) && go(&w, first[i], end, true);
	if (!found)
		heap->used = heap->unused = heap->top = 0;
	free(w.window);
	return found;
}
