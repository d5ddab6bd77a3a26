/* From a file or a pipe to frames whose checksums are right. Knows nothing about what is in them.
 *
 * Bytes are read as they come, into a buffer that never holds more than a frame and what was read
 * with it. */
#ifndef STORE_FRAME_READER_H
#define STORE_FRAME_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "store/frame.h"

struct frame_reader {
	int fd;
	char *shown; /* the path, printable */
	bool grows;  /* what is at the end of the file may grow */
	/* bytes read and not used yet: buffer[used, len) is the file's from `offset` on */
	uint8_t *buffer;
	size_t used, len, cap;
	uint64_t offset;
	bool eof;
};

enum frame_result { FRAME_BROKEN = -1, FRAME_WAIT, FRAME_THERE, FRAME_END };

/* A path, or "-" for standard input. -1 with err; fini is due in any case. */
int frame_reader_init(struct frame_reader *, const char *path, struct err *);
void frame_reader_fini(struct frame_reader *);
/* Its descriptor; its path, printable; where in the file the bytes are that come next. */
int frame_reader_fd(const struct frame_reader *);
const char *frame_reader_shown(const struct frame_reader *);
uint64_t frame_reader_offset(const struct frame_reader *);
/* The end of the file is not its end: it may grow. */
void frame_reader_let_grow(struct frame_reader *, bool grows);
/* Are `need` bytes there, not used yet? FRAME_END where there are fewer. */
enum frame_result frame_reader_want(struct frame_reader *, size_t need, struct err *);
/* Uses `n` of the bytes that are there. Good until the next call. */
const uint8_t *frame_reader_take(struct frame_reader *, size_t n);
/* The next frame's head and its packed payload, good until the next call. FRAME_BROKEN where
 * it is damaged or breaks off. */
enum frame_result frame_reader_next(struct frame_reader *, struct frame *, const uint8_t **payload,
				    struct err *);
/* Reads on at the offset. -1: it cannot. */
int frame_reader_go(struct frame_reader *, uint64_t offset, struct err *);
/* Reports that nothing valid follows at the current offset; returns -1. */
int frame_reader_broken(const struct frame_reader *, struct err *);

#endif
