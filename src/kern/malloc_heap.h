/* What glibc's malloc has in a heap: memory in use, free memory, and the rest at the top. Found by following
 * its chunks, which each begin with their size (struct malloc_chunk, heap_info and malloc_state in glibc's
 * malloc/malloc.c and arena.c). Reads the process's memory; brings no page in. */
#ifndef KERN_MALLOC_HEAP_H
#define KERN_MALLOC_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Copies bytes of memory; returns how many could be read. */
typedef size_t malloc_heap_peek(void *context, uint64_t address, uint8_t *bytes, size_t size);
/* A chunk that is free, or the top: [start, end). */
typedef void malloc_heap_free(void *context, uint64_t start, uint64_t end);

struct malloc_heap {
	malloc_heap_peek *peek;
	malloc_heap_free *free; /* called for each, once the whole heap has proved consistent */
	void *context;
	uint64_t used, unused, top; /* the result, in bytes */
};

/* Reads the heap of a 64-bit program that fills a region [start, end), of the main arena or of another one.
 * False, with nothing found, if its chunks do not lead from its beginning to its end: it is not such a heap,
 * or has changed meanwhile. Chunks in thread caches (tcache) and fast bins count as used. */
bool malloc_heap_measure(struct malloc_heap *, uint64_t start, uint64_t end, bool main_arena);

#endif
