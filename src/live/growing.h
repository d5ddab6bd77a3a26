/* Which regions besides the stack grow down when the page below them is touched: those that were mapped with
 * MAP_GROWSDOWN.
 *
 * Only smaps shows this, and it is expensive to read: so it is read on demand, for at most a tenth of the
 * time, and the answer is kept. The answer is valid as long as there is memory that ends where the region
 * ended. */
#ifndef LIVE_GROWING_H
#define LIVE_GROWING_H

#include "event/event.h"
#include "kern/reader.h"
#include "model/space.h"

#define GROWING_KEPT 32

struct growing {
	struct growing_end {
		uint64_t end; /* end of a region; 0: this slot is free */
		bool grows;
	} ends[GROWING_KEPT];
	size_t next;       /* the slot that is used next */
	uint64_t again_ns; /* CLOCK_MONOTONIC: smaps is not read again before that */
};

/* Takes an event about regions, before the model does. */
void growing_note(struct growing *, const struct event *, const struct space *);
/* Does the region that ends there grow? *unsure: that is not known, because it is too soon to read smaps
 * again. */
bool growing_ask(struct growing *, struct reader *, uint64_t end, bool *unsure);

#endif
