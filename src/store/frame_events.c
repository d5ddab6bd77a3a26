#include "store/frame_events.h"

#include <stdlib.h>

#include "base/mem.h"

void frame_events_set_page_shift(struct frame_events *f, unsigned page_shift)
{
	f->coder.page_shift = page_shift;
}

void frame_events_fini(struct frame_events *f)
{
	coder_fini(&f->coder);
	ZSTD_freeDCtx(f->zstd);
	free(f->raw);
	*f = (struct frame_events){ 0 };
}

bool frame_events_open(struct frame_events *f, const struct frame *frame, const uint8_t *payload)
{
	size_t n;

	frame_events_clear(f);
	if (!f->zstd)
		f->zstd = ZSTD_createDCtx();
	mem_grow(f->raw, f->raw_cap, (size_t)frame->raw + 1);
	n = ZSTD_decompressDCtx(f->zstd, f->raw, frame->raw, payload, frame->stored);
	if (ZSTD_isError(n) || n != frame->raw)
		return false;
	f->frame = *frame;
	f->left = frame->events;
	f->cursor = (struct cursor){ .at = f->raw, .end = f->raw + n };
	return true;
}

struct cursor *frame_events_payload(struct frame_events *f)
{
	return &f->cursor;
}

uint32_t frame_events_type(const struct frame_events *f)
{
	return f->frame.type;
}

void frame_events_clear(struct frame_events *f)
{
	f->cursor = (struct cursor){ 0 };
	coder_reset(&f->coder);
}

int frame_events_next(struct frame_events *f, struct event *e)
{
	int got = coder_get(&f->coder, &f->cursor, e);

	if (got > 0 && (e->time_ns > f->frame.last_ns || !f->left))
		return -1;
	f->left -= got > 0;
	return got;
}
