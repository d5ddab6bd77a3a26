/* What the kernel can be asked to do with the pages of another process: take them out of memory, drop
 * what the page cache has of a file, write it back. Their contents are not lost. Nothing else in kern/
 * changes anything. */
#ifndef KERN_RECLAIM_H
#define KERN_RECLAIM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* Evicts [address, address + bytes) by process_madvise(2), MADV_PAGEOUT: private memory goes to swap, a
 * file's pages back to the file. Read the pages afterwards to see which went: the kernel leaves out those
 * that are in use elsewhere and those that have nowhere to go. 0, or -1 with err: ERR_DENIED (CAP_SYS_NICE,
 * or reading the process by ptrace), ERR_GONE, ERR_UNSUPPORTED (before Linux 5.10), ERR_SYSTEM. */
int reclaim_evict(int pidfd, uint64_t address, uint64_t bytes, struct err *);
/* Drops the clean pages of a file that nobody maps from the page cache (posix_fadvise(2)). The kernel begins
 * to write the dirty ones, mapped or not, to the disk. 0, or -1 with err. */
int reclaim_drop(int file, uint64_t offset, uint64_t bytes, struct err *);
/* Sets *pages to how many dirty pages of a part of a file are in the page cache (cachestat(2)). False if that
 * is not known: before Linux 6.5, or of a file that we may not write to. */
bool reclaim_dirty(int file, uint64_t offset, uint64_t bytes, uint64_t *pages);
/* Writes a file's dirty pages to disk and waits until they are written (fsync(2)). 0, or -1 with err. */
int reclaim_sync(int file, struct err *);

#endif
