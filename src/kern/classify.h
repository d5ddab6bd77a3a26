/* Turns what the kernel reports about a page into our page word. */
#ifndef KERN_CLASSIFY_H
#define KERN_CLASSIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "kern/backing.h"
#include "kern/pagemap.h"
#include "event/page.h"
#include "event/region.h"

/* What backs a region, which decides what the bits of its entries mean. */
enum page_class {
	PAGE_CLASS_ANON,         /* private anonymous memory */
	PAGE_CLASS_FILE_PRIVATE, /* a file, mapped private: copies on write */
	PAGE_CLASS_FILE_SHARED,
	PAGE_CLASS_SHM_PRIVATE, /* tmpfs or a memfd, mapped private */
	PAGE_CLASS_SHM_SHARED,
	PAGE_CLASS_SPECIAL, /* pages of the kernel's or of a device */
	PAGE_CLASS_OUTSIDE, /* not in the process's page tables */
	PAGE_CLASSES,
};

struct words {
	uint32_t word[2][PAGE_CLASSES][PAGEMAP_SCAN_LIMIT]; /* [hugetlb][class][categories] */
};

/* Fills in the table. */
void words_init(struct words *);

/* The class of a region's pages. */
enum page_class classify_region(const struct region_attr *, enum backing_type);
/* Is tmpfs, a memfd or other shared memory behind it? */
bool classify_is_shm(enum page_class);
/* May the page cache hold pages of it that the process does not map? */
bool classify_is_cached(enum page_class, const struct region_attr *);

#endif
