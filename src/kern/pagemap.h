/* /proc/PID/pagemap: 8 bytes of every page (Documentation/admin-guide/mm/pagemap.rst). */
#ifndef KERN_PAGEMAP_H
#define KERN_PAGEMAP_H

#include <stddef.h>
#include <stdint.h>

#define ENTRY_PRESENT (UINT64_C(1) << 63)
#define ENTRY_SWAPPED (UINT64_C(1) << 62)
#define ENTRY_FILE (UINT64_C(1) << 61)  /* a page of a file, or shared memory */
#define ENTRY_GUARD (UINT64_C(1) << 58) /* Linux 6.15 */
#define ENTRY_UFFD_WP (UINT64_C(1) << 57)
#define ENTRY_EXCLUSIVE (UINT64_C(1) << 56) /* mapped once */
#define ENTRY_SOFT_DIRTY (UINT64_C(1) << 55)
#define ENTRY_FRAME ((UINT64_C(1) << 55) - 1)

/* The categories of PAGEMAP_SCAN (kern/pagescan.h) that an entry tells. */
unsigned pagemap_categories(uint64_t entry);

/* The frame of a present page; 0 where we may not know it. */
static inline uint64_t pagemap_frame(uint64_t entry)
{
	return entry & ENTRY_PRESENT ? entry & ENTRY_FRAME : 0;
}

/* Reads the entries of n pages. Returns how many were read: fewer at the end of the
 * address space, 0 where the memory is gone (exec, exit), -1 with errno. */
int64_t pagemap_read(int fd, uint64_t first, size_t n, uint64_t *entries);

#endif
