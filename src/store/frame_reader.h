/* Reads frames from a file or a pipe and verifies their checksums. Does not interpret their contents.
 *
 * Bytes are read as they come, into a buffer that never holds more than a frame and what was read along with
 * it. */
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
	bool grows;  /* the file may still grow at its end */
	/* bytes read and not used yet: buffer[used, len) is the file's from `offset` on */
	uint8_t *buffer;
	size_t used, len, cap;
	uint64_t offset;
	bool eof;
};

enum frame_result { FRAME_BROKEN = -1, FRAME_WAIT, FRAME_THERE, FRAME_END };

/* Opens a path, or "-" for standard input. 0, or -1 with err; fini is needed in either case. */
int frame_reader_init(struct frame_reader *, const char *path, struct err *);
void frame_reader_fini(struct frame_reader *);
/* Its descriptor; its path, printable; the offset of the next bytes in the file. */
int frame_reader_fd(const struct frame_reader *);
const char *frame_reader_shown(const struct frame_reader *);
uint64_t frame_reader_offset(const struct frame_reader *);
/* Sets whether the file may grow, so that its present end is not final. */
void frame_reader_let_grow(struct frame_reader *, bool grows);
/* Are `need` unused bytes available? FRAME_END if there are fewer. */
enum frame_result frame_reader_want(struct frame_reader *, size_t need, struct err *);
/* Takes `n` of the available bytes. Valid until the next call. */
const uint8_t *frame_reader_take(struct frame_reader *, size_t n);
/* Reads the next frame's head and its packed payload, valid until the next call. FRAME_BROKEN if it is
 * damaged or breaks off. */
enum frame_result frame_reader_next(struct frame_reader *, struct frame *, const uint8_t **payload,
				    struct err *);
/* Continues reading at the offset. 0, or -1 with err: it cannot. */
int frame_reader_go(struct frame_reader *, uint64_t offset, struct err *);
/* Reports that nothing valid follows at the current offset; returns -1. */
int frame_reader_broken(const struct frame_reader *, struct err *);

#endif
