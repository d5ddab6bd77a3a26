#include "store/block_events.h"

#include <stdlib.h>

#include "base/mem.h"

void block_events_set_page_shift(struct block_events *b, unsigned page_shift)
{
	b->coder.page_shift = page_shift;
}

void block_events_fini(struct block_events *b)
{
	coder_fini(&b->coder);
	ZSTD_freeDCtx(b->zstd);
	free(b->raw);
	*b = (struct block_events){ 0 };
}

bool block_events_open(struct block_events *b, const struct block *block, const uint8_t *payload)
{
	size_t n;

	block_events_clear(b);
	if (!b->zstd)
		b->zstd = ZSTD_createDCtx();
	mem_grow(b->raw, b->raw_cap, (size_t)block->raw + 1);
	n = ZSTD_decompressDCtx(b->zstd, b->raw, block->raw, payload, block->stored);
	if (ZSTD_isError(n) || n != block->raw)
		return false;
	b->block = *block;
	b->left = block->events;
	b->cursor = (struct cursor){ .at = b->raw, .end = b->raw + n };
	return true;
}

struct cursor *block_events_payload(struct block_events *b)
{
	return &b->cursor;
}

uint32_t block_events_type(const struct block_events *b)
{
	return b->block.type;
}

void block_events_clear(struct block_events *b)
{
	b->cursor = (struct cursor){ 0 };
	coder_reset(&b->coder);
}

int block_events_next(struct block_events *b, struct event *e)
{
	int got = coder_get(&b->coder, &b->cursor, e);

	if (got > 0 && (e->time_ns > b->block.last_ns || !b->left))
		return -1;
	b->left -= got > 0;
	return got;
}
