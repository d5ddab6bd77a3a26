/* Entries of pagemap that say "swapped" but are not: marks of userfaultfd, and guards before
 * Linux 6.15. */
#ifndef KERN_SWAP_MARKS_H
#define KERN_SWAP_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/region.h"

/* What can be known without privileges: whether there is swap, and smaps, read now and then. */
struct swap_marks {
	int thread;           /* the directory of the thread whose memory is read */
	bool captured;        /* from a captured tree, of another machine */
	bool has_swap;        /* the machine has swap space */
	bool guards_have_bit; /* an entry without PAGEMAP_GUARD is not a guard */
	struct region_sums *sums;
	size_t count;
	uint64_t again_ns; /* when all this may be read again */
};
void swap_marks_fini(struct swap_marks *);

enum swap_mark {
	SWAP_MARK_NONE,    /* it is in swap */
	SWAP_MARK_WRITE,   /* nothing is there; userfaultfd reports a write */
	SWAP_MARK_POISON,  /* a touch ends in SIGBUS */
	SWAP_MARK_GUARD,   /* a touch ends in SIGSEGV */
	SWAP_MARK_UNKNOWN, /* in swap or a mark: CAP_SYS_ADMIN could see which */
};

/* The meaning of an entry with PAGEMAP_SWAPPED, but without PAGEMAP_PRESENT, PAGEMAP_GUARD and PAGEMAP_FILE.
 * `shared`: the region is a shared mapping. */
enum swap_mark swap_mark_of(struct swap_marks *, const struct region_attr *, bool shared, uint64_t entry);

#endif
