/* What the kernel can be asked to do with the pages of another process: take them out of memory, drop
 * what the page cache has of a file, write it back. Their contents are not lost. Nothing else in kern/
 * changes anything. */
#ifndef KERN_RECLAIM_H
#define KERN_RECLAIM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* Evicts [address, address + bytes) by process_madvise(2), MADV_PAGEOUT: private memory goes to swap, a
 * file's pages back to it. Which pages went has to be read afterwards: the kernel leaves out those that are
 * in use elsewhere and those that have nowhere to go. -1 with err: ERR_DENIED (CAP_SYS_NICE, or reading the
 * process by ptrace), ERR_GONE, ERR_UNSUPPORTED (before Linux 5.10), ERR_SYSTEM. */
int reclaim_evict(int pidfd, uint64_t address, uint64_t bytes, struct err *);
/* Drops the clean pages of a file that nobody maps from the page cache (posix_fadvise(2)). The kernel begins to
 * write the dirty ones, mapped or not, to the disk. -1 with err. */
int reclaim_drop(int file, uint64_t offset, uint64_t bytes, struct err *);
/* How many dirty pages the page cache has of a part of a file (cachestat(2)). False where that is not known: before
 * Linux 6.5, or of a file that we may not write to. */
bool reclaim_dirty(int file, uint64_t offset, uint64_t bytes, uint64_t *pages);
/* Writes a file's dirty pages to its disk, and waits for it (fsync(2)). -1 with err. */
int reclaim_sync(int file, struct err *);

#endif
