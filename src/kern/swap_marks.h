/* Entries of pagemap that say "swapped" but are not: marks of userfaultfd, and guards before
 * Linux 6.15. */
#ifndef KERN_SWAP_MARKS_H
#define KERN_SWAP_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/region.h"

/* What is known without rights: whether there is swap, and smaps, read now and then. */
struct swap_marks {
	int thread;           /* the directory of the thread whose memory is read */
	bool captured;        /* in a tree of files: of another machine */
	bool has_swap;        /* the machine has somewhere to swap to */
	bool guards_have_bit; /* what has no PAGEMAP_GUARD is no guard */
	struct region_sums *sums;
	size_t count;
	uint64_t again_ns; /* when all this may be read again */
};
void swap_marks_fini(struct swap_marks *);

enum swap_mark {
	SWAP_MARK_NONE,    /* it is in swap */
	SWAP_MARK_WRITE,   /* nothing is there; userfaultfd wants to know of a write */
	SWAP_MARK_POISON,  /* a touch ends in SIGBUS */
	SWAP_MARK_GUARD,   /* a touch ends in SIGSEGV */
	SWAP_MARK_UNKNOWN, /* in swap or a mark: CAP_SYS_ADMIN could see which */
};

/* What an entry means that has PAGEMAP_SWAPPED, but neither PAGEMAP_PRESENT, PAGEMAP_GUARD nor PAGEMAP_FILE.
 * `shared`: the region is. */
enum swap_mark swap_mark_of(struct swap_marks *, const struct region_attr *, bool shared, uint64_t entry);

#endif
