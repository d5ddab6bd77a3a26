/* Which regions grow down when the page below them is touched, as the stack does: those that were mapped with
 * MAP_GROWSDOWN.
 *
 * Only smaps shows this, and it is expensive to read: so it is read on demand, for at most a tenth of the time, and the answer
 * is kept. It holds as long as there is memory that ends where the region ended. */
#ifndef LIVE_GROWING_H
#define LIVE_GROWING_H

#include "event/event.h"
#include "kern/reader.h"
#include "model/space.h"

#define GROWING_KEPT 32

struct growing {
	struct growing_end {
		uint64_t end; /* of a region; 0: this place is free */
		bool grows;
	} ends[GROWING_KEPT];
	size_t next;       /* the place that is used next */
	uint64_t again_ns; /* of the clock: smaps is not read again before that */
};

/* An event about regions, before the model takes it. */
void growing_note(struct growing *, const struct event *, const struct space *);
/* Does the region that ends there grow? *unsure: that is not known, and may not be read so soon. */
bool growing_ask(struct growing *, struct reader *, uint64_t end, bool *unsure);

#endif
