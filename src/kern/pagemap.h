/* /proc/PID/pagemap: 8 bytes for every page, and PAGEMAP_SCAN, which finds ranges of pages by category in one
 * call (Linux 6.7; Documentation/admin-guide/mm/pagemap.rst). Older headers lack it, so we define it here. */
#ifndef KERN_PAGEMAP_H
#define KERN_PAGEMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define PAGEMAP_PRESENT (UINT64_C(1) << 63)
#define PAGEMAP_SWAPPED (UINT64_C(1) << 62)
#define PAGEMAP_FILE (UINT64_C(1) << 61)  /* a page of a file, or shared memory */
#define PAGEMAP_GUARD (UINT64_C(1) << 58) /* Linux 6.15 */
#define PAGEMAP_UFFD_WP (UINT64_C(1) << 57)
#define PAGEMAP_EXCLUSIVE (UINT64_C(1) << 56) /* mapped once */
#define PAGEMAP_FRAME ((UINT64_C(1) << 55) - 1)

/* The categories of PAGEMAP_SCAN that an entry falls into. */
unsigned pagemap_categories(uint64_t entry);

/* The frame of a present page; 0 if there is none or we are not allowed to see it. */
static inline uint64_t pagemap_frame(uint64_t entry)
{
	return entry & PAGEMAP_PRESENT ? entry & PAGEMAP_FRAME : 0;
}

/* Is it a page of private memory, present or swapped out? */
static inline bool pagemap_is_own(uint64_t entry)
{
	return entry & (PAGEMAP_PRESENT | PAGEMAP_SWAPPED) && !(entry & (PAGEMAP_FILE | PAGEMAP_GUARD));
}

/* Reads the entries of n pages. Returns how many were read: fewer at the end of the address space, 0 if the
 * memory is gone (exec, exit), -1 with err: ERR_GONE, ERR_SYSTEM. */
int64_t pagemap_read(int fd, uint64_t first, size_t n, uint64_t *entries, struct err *);

/* Opens the pagemap of the process with this pid, in our /proc. An fd that the caller closes, or -1. */
int pagemap_open_of(int32_t pid);
/* The entry of the page at an address of the process with this pid, in our /proc; 0 if it cannot be read. */
uint64_t pagemap_entry_of(int32_t pid, uint64_t address);

#define PAGEMAP_SCAN_FILE (1u << 2)
#define PAGEMAP_SCAN_PRESENT (1u << 3)
#define PAGEMAP_SCAN_SWAPPED (1u << 4)
#define PAGEMAP_SCAN_ZERO (1u << 5)  /* the shared zero page */
#define PAGEMAP_SCAN_HUGE (1u << 6)  /* may be set where nothing is present */
#define PAGEMAP_SCAN_GUARD (1u << 8) /* Linux 6.15 */
#define PAGEMAP_SCAN_LIMIT (1u << 9) /* all combinations are below it */

struct scan_range {
	uint64_t start, end; /* addresses */
	uint64_t categories;
};

/* The categories that this kernel knows, 0 if it has no PAGEMAP_SCAN. */
unsigned pagemap_scan_probe(int fd);

/* The ranges of [start, end) in which there is anything: present, swapped or guard, by address. Returns how
 * many, at most n, or -1 with err as above; *next is the address to go on from, or end. */
int64_t pagemap_scan(int fd, unsigned categories, uint64_t start, uint64_t end, struct scan_range *ranges,
		     size_t n, uint64_t *next, struct err *);

#endif
