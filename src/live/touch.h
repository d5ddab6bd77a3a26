/* What is known about the page that a fault touched. Plain data. */
#ifndef LIVE_TOUCH_H
#define LIVE_TOUCH_H

#include <stdbool.h>
#include <stdint.h>

/* One page that was touched, by the fault records[record] of the batch. */
struct touch {
	uint64_t page;
	uint32_t record;
	uint32_t was, now;      /* page words */
	uint16_t before, after; /* neighbours that came with it */
	bool between;           /* `was` or `now` was not seen, but inferred (cause_between) */
	bool again;             /* the page was touched again before it was read */
	bool replaced;          /* something was mapped there since, the same memory or other */
	bool closed;            /* before the fault its region had no rights at all */
	bool along;             /* a fault of a neighbour may have brought it since `was` was seen */
	bool first;             /* its region had not been seen by then */
};

#endif
