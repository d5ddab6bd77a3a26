/* A map from page number to a 32-bit value, kept as runs of equal values.
 *
 * An address space is mostly long ranges of equal pages: a terabyte that is only reserved is one run. Runs
 * are kept in order, in chunks of at most RUNS_CHUNK. Each chunk knows how many of its pages have each state
 * (the value's low four bits) and its greatest value, so that counting a range costs only its two ends,
 * however much lies between. Memory grows with the number of changes from one page to the next, not with the
 * number of pages.
 *
 *   chunk 0  [0 none][0x55d2c0a4f reserved][0x55d2c0a51 file] ...   counts, max
 *   chunk 1  [0x7f1200000 reserved] ...                             counts, max
 *
 * Used for page words (event/page.h) and for "since when", in milliseconds. Page numbers are addresses
 * divided by the page size, 0 <= page < RUNS_END. */
#ifndef EVENT_RUNS_H
#define EVENT_RUNS_H

#include <stddef.h>
#include <stdint.h>

#define RUNS_END (UINT64_C(1) << 52) /* 2^64 bytes of the smallest pages */
#define RUNS_CHUNK 512
#define RUNS_VALUES 16

/* Pages [first, end) have this value. */
struct run {
	uint64_t first, end;
	uint32_t value;
};

struct runs;

/* Makes a map in which all pages have the value `fill`. The caller frees it with runs_destroy. */
struct runs *runs_create(uint32_t fill);
struct runs *runs_copy(const struct runs *);
void runs_destroy(struct runs *);

/* Sets [first, end), first < end. Neighbours of equal value become one run. */
void runs_set(struct runs *, uint64_t first, uint64_t end, uint32_t value);
/* Sets a range at once: the n runs tile it, each beginning where the last one ended. */
void runs_splice(struct runs *, const struct run *tiles, size_t n);

/* The whole run that holds the page: it may begin before the page. */
struct run runs_at(const struct runs *, uint64_t page);

/* To iterate over runs: runs_iter, then runs_next until it returns 0. Runs are clipped to [first, end).
 * Changing the runs invalidates the iterator. */
struct runs_iter {
	const struct runs *runs;
	size_t chunk, index;
	uint64_t at, end;
};
struct runs_iter runs_iter(const struct runs *, uint64_t first, uint64_t end);
int runs_next(struct runs_iter *, struct run *out);

/* How many pages of [first, end) have each value of the low four bits; this is added to counts. */
void runs_count(const struct runs *, uint64_t first, uint64_t end, uint64_t counts[static RUNS_VALUES]);
/* The greatest value in [first, end). */
uint32_t runs_max(const struct runs *, uint64_t first, uint64_t end);

/* How many runs there are, and the bytes that they take. */
size_t runs_length(const struct runs *);
size_t runs_memory(const struct runs *);

#endif
