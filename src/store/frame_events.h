/* Reads the events of one frame. */
#ifndef STORE_FRAME_EVENTS_H
#define STORE_FRAME_EVENTS_H

#include <zstd.h>

#include "store/codec.h"
#include "store/frame.h"

/* Starts from zeroes, without a frame. */
struct frame_events {
	struct frame frame; /* the one that is open */
	uint8_t *raw;       /* its payload, unpacked */
	size_t raw_cap;
	struct cursor cursor;
	struct coder coder;
	ZSTD_DCtx *zstd;
	uint32_t left; /* events that its head claims and that were not read yet */
};

/* Sets the session's page size, 1 << page_shift bytes; to be called before the first frame. */
void frame_events_set_page_shift(struct frame_events *, unsigned page_shift);
void frame_events_fini(struct frame_events *);
/* Unpacks a frame of any type. False: it does not unpack to what its head says. */
bool frame_events_open(struct frame_events *, const struct frame *, const uint8_t *payload);
/* The payload of the open frame, for a frame without events: an index. Reading advances the cursor. */
struct cursor *frame_events_payload(struct frame_events *);
/* The type of the frame that was opened last. */
uint32_t frame_events_type(const struct frame_events *);
/* Closes the frame. */
void frame_events_clear(struct frame_events *);
/* Reads the next event: 1; 0 at the frame's end; -1 if it is malformed. The event's pointers are valid until
 * the next call. */
int frame_events_next(struct frame_events *, struct event *);

#endif
