/* Packs the parts of a payload into a frame as it is in the file. */
#ifndef STORE_FRAME_PACKER_H
#define STORE_FRAME_PACKER_H

#include <stdbool.h>
#include <zstd.h>

#include "base/strbuf.h"
#include "store/codec.h"
#include "store/frame.h"

/* Starts from zeroes. */
struct frame_packer {
	ZSTD_CCtx *zstd;
	struct strbuf bytes; /* the last frame, head and payload */
};

void frame_packer_fini(struct frame_packer *);
/* Packs the parts, leaving out empty ones, and fills in the lengths and checksum of the frame's head. False:
 * no memory. */
bool frame_packer_pack(struct frame_packer *, struct frame *, const struct coder_part *parts, size_t n);
/* The frame that was packed last; valid until the next one is packed. */
const struct strbuf *frame_packer_bytes(const struct frame_packer *);

#endif
