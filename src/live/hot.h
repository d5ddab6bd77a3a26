/* Where pages changed lately: the next changes are looked for there first. */
#ifndef LIVE_HOT_H
#define LIVE_HOT_H

#include <stddef.h>
#include <stdint.h>

#define HOT_RANGES 16
#define HOT_MARGIN 64                     /* pages on either side, at least */
#define HOT_NS (UINT64_C(2) * 1000000000) /* how long a range stays */

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
/* What to read for a range: as much again on either side, because a program that works its way through memory
 * is likely to go on as fast. */
void hot_reach(const struct hot_range *, uint64_t *first, uint64_t *end);

#endif
