/* Reads the events of one block. */
#ifndef STORE_BLOCK_EVENTS_H
#define STORE_BLOCK_EVENTS_H

#include <zstd.h>

#include "store/block.h"
#include "store/codec.h"

/* Starts from zeroes, without a block. */
struct block_events {
	struct block block; /* the one that is open */
	uint8_t *raw;       /* its payload, unpacked */
	size_t raw_cap;
	struct cursor cursor;
	struct coder coder;
	ZSTD_DCtx *zstd;
	uint32_t left; /* events that its head claims and that were not read yet */
};

/* Sets the session's page size, 1 << page_shift bytes; to be called before the first block. */
void block_events_set_page_shift(struct block_events *, unsigned page_shift);
void block_events_fini(struct block_events *);
/* Unpacks a block of any type. False: it does not unpack to what its head says. */
bool block_events_open(struct block_events *, const struct block *, const uint8_t *payload);
/* The payload of the open block, for a block without events: an index. Reading advances the cursor. */
struct cursor *block_events_payload(struct block_events *);
/* The type of the block that was opened last. */
uint32_t block_events_type(const struct block_events *);
/* Closes the block. */
void block_events_clear(struct block_events *);
/* Reads the next event: 1; 0 at the block's end; -1 if it is malformed. The event's pointers are valid until
 * the next call. */
int block_events_next(struct block_events *, struct event *);

#endif
