/* Bytes of a file, read a block at a time when they are wanted, and kept: not mapped, for a file that somebody cuts
 * short meanwhile must not kill us. */
#ifndef SYMBOL_FILE_BLOCKS_H
#define SYMBOL_FILE_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

/* Zeroes: nothing was read yet. */
struct file_blocks {
	uint8_t **list; /* by number; NULL: not read */
	size_t count;
};

void file_blocks_fini(struct file_blocks *);

/* Copies bytes of the file from an offset on; returns how many. They end with the file, whose last block is filled
 * with zeroes, where it cannot be read, and at 4 GiB. */
size_t file_blocks_read(struct file_blocks *, int fd, uint64_t offset, void *to, size_t length);

#endif
