/* Details of one page, read on request. */
#ifndef KERN_INSPECT_H
#define KERN_INSPECT_H

#include "event/source.h"
#include "kern/pages.h"

/* What pages are inspected with, and why some of it is missing. */
struct inspector {
	const struct process_files *files;
	const struct frames *frames;
	struct pages *pages;
	struct pagecache *cache;
	const struct err *bytes_err, *cache_err; /* of these sources; ERR_NONE: they can be asked */
	struct err cached_err, bytes_file_err;   /* of the latest answer, whose texts point here */
};

/* Fills in everything but the location; `class` is the region's; the region is NULL if there is none. Reasons
 * in it are valid until the next call, or longer. */
void inspect_page(struct inspector *, const struct region_attr *, enum page_class, uint64_t page,
		  unsigned what, struct page_detail *);

#endif
