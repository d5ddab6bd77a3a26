/* Frames: their numbers in pagemap, what /proc/kpageflags and /proc/kpagecount report about each (8 bytes for
 * every frame of the machine), and which of them is the zero page
 * (Documentation/admin-guide/mm/pagemap.rst). */
#ifndef KERN_FRAMES_H
#define KERN_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/source.h"

struct frames {
	struct err err;    /* why frame numbers cannot be known; ERR_NONE: they can */
	int flags, counts; /* kpageflags and kpagecount, -1 if not there, and why */
	struct err flags_err, counts_err;
	uint64_t zero; /* of the shared zero page; 0: not known */
};

/* `root` is an fd of /proc, or of a captured tree, whose pagemap is taken as it is. Sources that are `off`
 * are not used. */
void frames_init(struct frames *, int root, bool captured, const bool off[static SOURCE_KINDS]);
void frames_fini(struct frames *);

/* Can no huge page that a scan shows without PAGEMAP_SCAN_ZERO be the huge zero page? Kernels before 6.17 do not mark
 * it; where reading maps no zero pages, there is none. Tested once, with memory of our own; false if that fails. */
bool frames_scan_separates_huge_zero(void);
/* Does an entry show a guard by PAGEMAP_GUARD, or has this kernel no guards? Linux 6.13 and 6.14 have guards
 * that look swapped. Tested in the same way. */
bool frames_guards_have_bit(void);
/* Does reading new private memory map the zero page? Some kernels give a page of its own instead (s390 guests
 * with storage keys; an option of kernels for nested virtual machines). Tested in the same way; true if that
 * fails. */
bool frames_have_zero_page(void);
/* Does the kernel show frame numbers to us (CAP_SYS_ADMIN)? Tested in the same way; false if that fails. */
bool frames_are_shown(void);

#define FRAMES_REFERENCED (UINT64_C(1) << 2)
#define FRAMES_DIRTY (UINT64_C(1) << 4)
#define FRAMES_KSM (UINT64_C(1) << 21)
#define FRAMES_ZERO (UINT64_C(1) << 24)
#define FRAMES_MLOCKED (UINT64_C(1) << 33)

/* The PAGE_ flags of a word of kpageflags. */
uint32_t frames_flags(uint64_t kernel_flags);

/* Reads the words of n consecutive frames from either file. False if `fd` is -1, or if the file does not have
 * all of them. */
bool frames_read_words(int fd, uint64_t frame, size_t n, uint64_t *words);

#endif
