/* An EVENT_PAGES taken apart: the pages of each region, and what they changed from and to. */
#ifndef EXPORT_PAGE_CHANGES_H
#define EXPORT_PAGE_CHANGES_H

#include "event/event.h"
#include "model/space.h"

struct page_change {
	const struct region *region;
	uint64_t first, end; /* pages */
	uint32_t was, now;   /* words; the state differs, flags are those of the first page */
};

/* Calls `take` for each change, in order, on a space that has not taken the event yet. Stops when `take` does
 * not return 0, and returns what it returned; else 0. */
int page_changes_each(const struct space *, const struct event *,
		      int (*take)(void *context, const struct page_change *), void *context);

#endif
