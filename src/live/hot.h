/* Where pages changed recently: the next changes are looked for there first. */
#ifndef LIVE_HOT_H
#define LIVE_HOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

#define HOT_RANGES 16
#define HOT_MARGIN 64             /* pages on either side, at least */
#define HOT_NS (2 * CLOCK_SECOND) /* how long a range stays */

struct hot_range {
	uint64_t first, end; /* pages */
	uint64_t changed_ns;
};

struct hot {
	struct hot_range range[HOT_RANGES];
	size_t count;
};

/* Pages [first, end) have changed. */
void hot_note(struct hot *, uint64_t first, uint64_t end, uint64_t now_ns);
/* Forgets what has not changed for HOT_NS. */
void hot_cool(struct hot *, uint64_t now_ns);
/* Forgets all of them. */
void hot_forget(struct hot *);
/* What to read for range number `i`, pages [*first, *end): the range and as much again on either side,
 * because a program that works its way through memory is likely to go on at the same speed. False: there are
 * no more ranges. */
bool hot_reach(const struct hot *, size_t i, uint64_t *first, uint64_t *end);

#endif
