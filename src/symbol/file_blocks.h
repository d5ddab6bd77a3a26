/* A file's bytes, read in blocks when they are needed, and kept. The file is not mapped, because SIGBUS must
 * not kill us if somebody truncates it. */
#ifndef SYMBOL_FILE_BLOCKS_H
#define SYMBOL_FILE_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

/* Starts from zeroes: nothing was read yet. */
struct file_blocks {
	uint8_t **list; /* by number; NULL: not read */
	size_t count;
};

void file_blocks_fini(struct file_blocks *);

/* Copies bytes of the file from an offset on; returns how many. They end at the end of the file (its last
 * block is filled up with zeroes), where it cannot be read, or at 4 GiB. */
size_t file_blocks_read(struct file_blocks *, int fd, uint64_t offset, void *to, size_t length);

#endif
