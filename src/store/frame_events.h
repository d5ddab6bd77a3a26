/* The events of one frame. */
#ifndef STORE_FRAME_EVENTS_H
#define STORE_FRAME_EVENTS_H

#include <zstd.h>

#include "store/codec.h"
#include "store/frame.h"

/* Zeroes are one without a frame. */
struct frame_events {
	struct frame frame; /* the one that is open */
	uint8_t *raw;       /* its payload, unpacked */
	size_t raw_cap;
	struct cursor cursor;
	struct coder coder;
	ZSTD_DCtx *zstd;
	uint32_t left; /* events that its head speaks of, and that were not read yet */
};

/* The session's pages have 1 << page_shift bytes: due before the first frame. */
void frame_events_set_page_shift(struct frame_events *, unsigned page_shift);
void frame_events_fini(struct frame_events *);
/* Unpacks a frame of whatever type. False: it does not unpack to what its head says. */
bool frame_events_open(struct frame_events *, const struct frame *, const uint8_t *payload);
/* The payload of the open frame, for one that has no events: an index. Reading it moves it on. */
struct cursor *frame_events_payload(struct frame_events *);
/* The type of the frame that was opened last. */
uint32_t frame_events_type(const struct frame_events *);
/* There is no frame any more. */
void frame_events_clear(struct frame_events *);
/* 1; 0 at the frame's end; -1: it makes no sense. The event's pointers are good until the next call. */
int frame_events_next(struct frame_events *, struct event *);

#endif
