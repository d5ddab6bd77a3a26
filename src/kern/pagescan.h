/* PAGEMAP_SCAN: ranges of pages by category, from one call (Linux 6.7;
 * Documentation/admin-guide/mm/pagemap.rst). Older headers lack it: these are ours. */
#ifndef KERN_PAGESCAN_H
#define KERN_PAGESCAN_H

#include <stddef.h>
#include <stdint.h>

#define SCAN_FILE (1u << 2)
#define SCAN_PRESENT (1u << 3)
#define SCAN_SWAPPED (1u << 4)
#define SCAN_ZERO (1u << 5)  /* the shared zero page */
#define SCAN_HUGE (1u << 6)  /* may be set where nothing is present */
#define SCAN_GUARD (1u << 8) /* Linux 6.15 */
#define SCAN_LIMIT (1u << 9) /* all combinations are below it */

struct scan_range {
	uint64_t start, end; /* addresses */
	uint64_t categories;
};

/* The categories that this kernel knows, 0 where it has no PAGEMAP_SCAN: *errnum
 * says how it refused. */
unsigned pagescan_probe(int fd, int *errnum);

/* The ranges of [start, end) where there is anything at all: present, swapped or
 * guard, by address. Returns how many of at most n, -1 with errno; *next is where to
 * go on, or end. */
int64_t pagescan(int fd, unsigned categories, uint64_t start, uint64_t end, struct scan_range *ranges,
		 size_t n, uint64_t *next);

#endif
