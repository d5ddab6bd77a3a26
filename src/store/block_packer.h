/* Packs the parts of a payload into a block as it is in the file. */
#ifndef STORE_BLOCK_PACKER_H
#define STORE_BLOCK_PACKER_H

#include <stdbool.h>
#include <zstd.h>

#include "base/strbuf.h"
#include "store/block.h"
#include "store/codec.h"

/* Starts from zeroes. */
struct block_packer {
	ZSTD_CCtx *zstd;
	struct strbuf bytes; /* the last block, head and payload */
};

void block_packer_fini(struct block_packer *);
/* Packs the parts, leaving out empty ones, and fills in the lengths and checksum of the block's head. False:
 * no memory. */
bool block_packer_pack(struct block_packer *, struct block *, const struct coder_part *parts, size_t n);
/* The block that was packed last; valid until the next one is packed. */
const struct strbuf *block_packer_bytes(const struct block_packer *);

#endif
