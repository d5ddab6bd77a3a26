/* From what the kernel says about a page to our page word. */
#ifndef KERN_CLASSIFY_H
#define KERN_CLASSIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "kern/backing.h"
#include "kern/pagemap.h"
#include "event/page.h"
#include "event/region.h"

/* What the same bits mean depends on what is behind the region. */
enum page_class {
	CLASS_ANON,         /* private anonymous memory */
	CLASS_FILE_PRIVATE, /* a file, mapped private: copies on write */
	CLASS_FILE_SHARED,
	CLASS_SHM_PRIVATE, /* tmpfs or a memfd, mapped private */
	CLASS_SHM_SHARED,
	CLASS_SPECIAL, /* pages of the kernel's or of a device */
	CLASS_OUTSIDE, /* not in the process's page tables */
	CLASSES,
};

struct words {
	uint32_t word[2][CLASSES][SCAN_LIMIT]; /* [hugetlb][class][categories] */
};

void words_init(struct words *);

enum page_class classify_region(const struct region_attr *, enum backing_type);
/* Is tmpfs, a memfd or other shared memory behind it? */
bool classify_is_shm(enum page_class);
/* May the page cache hold pages of it that the process does not map? */
bool classify_is_cached(enum page_class, const struct region_attr *);

#endif
