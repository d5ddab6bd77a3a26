/* Reads blocks from a file or a pipe and verifies their checksums. Does not interpret their contents.
 *
 * Bytes are read as they come, into a buffer that never holds more than a block and what was read along with
 * it. */
#ifndef STORE_BLOCK_READER_H
#define STORE_BLOCK_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "store/block.h"

struct block_reader {
	int fd;
	char *shown; /* the path, printable */
	bool grows;  /* the file may still grow at its end */
	/* bytes read and not used yet: buffer[used, len) is the file's from `offset` on */
	uint8_t *buffer;
	size_t used, len, cap;
	uint64_t offset;
	bool eof;
};

enum block_result { BLOCK_BROKEN = -1, BLOCK_WAIT, BLOCK_THERE, BLOCK_END };

/* Opens a path, or "-" for standard input. 0, or -1 with err; fini is needed in either case. */
int block_reader_init(struct block_reader *, const char *path, struct err *);
void block_reader_fini(struct block_reader *);
/* Its descriptor; its path, printable; the offset of the next bytes in the file. */
int block_reader_fd(const struct block_reader *);
const char *block_reader_shown(const struct block_reader *);
uint64_t block_reader_offset(const struct block_reader *);
/* Sets whether the file may grow, so that its present end is not final. */
void block_reader_let_grow(struct block_reader *, bool grows);
/* Are `need` unused bytes available? BLOCK_END if there are fewer. */
enum block_result block_reader_want(struct block_reader *, size_t need, struct err *);
/* Takes `n` of the available bytes. Valid until the next call. */
const uint8_t *block_reader_take(struct block_reader *, size_t n);
/* Reads the next block's head and its packed payload, valid until the next call. BLOCK_BROKEN if it is
 * damaged or breaks off. */
enum block_result block_reader_next(struct block_reader *, struct block *, const uint8_t **payload,
				    struct err *);
/* Continues reading at the offset. 0, or -1 with err: it cannot. */
int block_reader_go(struct block_reader *, uint64_t offset, struct err *);
/* Reports that nothing valid follows at the current offset; returns -1. */
int block_reader_broken(const struct block_reader *, struct err *);

#endif
