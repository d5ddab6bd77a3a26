/* Which pages came in with those that faults touched, without a fault of their own. */
#ifndef LIVE_NEIGHBOURS_H
#define LIVE_NEIGHBOURS_H

#include "live/reading.h"
#include "live/seen.h"
#include "live/touch.h"
#include "model/process.h"

#define NEIGHBOURS_AROUND 16 /* pages that one fault can map from the page cache, aligned */

/* How many pages a transparent huge page has. */
uint64_t neighbours_huge(const struct space *);
/* Are all pages that fault-around can have mapped around this one in the same state, and of the page cache?
 * Then more can have come: up to neighbours_wide. */
bool neighbours_fill(const struct space *, const struct region *, uint64_t page);
/* The huge page around a page, as far as it lies in the region: the most that a folio of a file can bring at
 * once. */
struct page_range neighbours_wide(const struct space *, const struct region *, uint64_t page);

/* The touches of a batch, and the pages of later batches. */
struct touched_pages {
	struct touch *list; /* by page, those of one page in order of time */
	size_t count;
	const uint64_t *later; /* pages, in order */
	size_t later_count;
};
/* Fills in how many pages came with the first touch of each page, before and after it, from the changes that
 * were seen. */
void neighbours_find(const struct touched_pages *, const struct process *, const struct seen *);

#endif
