/* How much of a process's huge pages is all zero: found by reading their bytes, which takes about as long as
 * copying them. */
#ifndef KERN_ZEROES_H
#define KERN_ZEROES_H

#include "kern/process_files.h"
#include "kern/tiles.h"

/* Reads the tiles that are resident huge pages; adds the bytes that were read to *read, and those of small
 * pages that are all zero to *zero. Brings no page in. 0, or -1 with err if the memory may not be read. */
int zeroes_count(const struct process_files *, unsigned page_shift, const struct tiles *, uint64_t *read,
		 uint64_t *zero, struct err *);

#endif
