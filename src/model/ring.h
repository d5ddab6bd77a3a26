/* Rings of a fixed size with numbered entries: those with numbers [begin, end) are kept, each at its number
 * modulo `cap`. */
#ifndef MODEL_RING_H
#define MODEL_RING_H

#include <stddef.h>
#include <stdint.h>

/* Renumbers entries of `size` bytes so that the next one gets the number `next`; drops those that would come
 * before 0. Takes over `entries` (may be NULL) and returns what replaces them. */
void *ring_number(void *entries, size_t size, uint64_t cap, uint64_t *begin, uint64_t *end, uint64_t next);

#endif
