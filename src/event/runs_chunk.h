/* One chunk of runs: inside of event/runs.c only.
 *
 * A chunk begins at start[0] and ends where the next one begins; its i-th run ends
 * where run i+1 begins. The two arrays grow with use, up to RUNS_CHUNK. */
#ifndef EVENT_RUNS_CHUNK_H
#define EVENT_RUNS_CHUNK_H

#include <stddef.h>
#include <stdint.h>

#include "event/runs.h"

struct chunk {
	uint64_t *start;
	uint32_t *value;
	uint32_t len, cap;
	uint32_t max;                 /* greatest value */
	uint64_t counts[RUNS_VALUES]; /* pages by the low four bits */
};

/* Room for exactly `cap` runs or more. */
void chunk_reserve(struct chunk *, size_t cap);
void chunk_fini(struct chunk *);
/* Appends a run; one that equals the last run's value only makes that one longer. */
void chunk_push(struct chunk *, uint64_t start, uint32_t value);
/* Counts anew what lies in it; `end` is where the chunk ends. */
void chunk_sum(struct chunk *, uint64_t end);
/* The index of the run that holds page; start[0] <= page. */
size_t chunk_find(const struct chunk *, uint64_t page);
/* Replaces runs [from, to) by n others. Does not join equal neighbours, does not sum. */
void chunk_replace(struct chunk *, size_t from, size_t to, const uint64_t *start, const uint32_t *value,
		   size_t n);

#endif
