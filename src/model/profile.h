/* How many pages came in from which code: a running count of faults by instruction and stack.
 *
 * A fault costs one table look-up. Functions get their names later, if ever, so the entries are joined by
 * name only when the profile is drawn (render/profile_rows.h). */
#ifndef MODEL_PROFILE_H
#define MODEL_PROFILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "event/event.h"

struct profile_entry {
	uint64_t ip;
	uint32_t stack;        /* see model/stacks.h; 0: not taken */
	uint64_t minor, major; /* faults */
	uint64_t pages;        /* that they brought in: the touched ones and their neighbours */
};

struct profile {
	struct profile_entry *entries;
	size_t count, cap;
	struct hash hash;          /* of ip and stack: index + 1 */
	uint32_t last;             /* index of the latest: faults come in streaks */
	struct profile_entry rest; /* the sum of those that there is no room for */
};

/* How many pages a fault made resident: its own, if it is there now, and its neighbours. */
uint64_t fault_pages(const struct event_fault *);

/* Counts a fault, with its stack (model/stacks.h). */
void profile_add(struct profile *, const struct event_fault *, uint32_t stack);
/* Sets an entry's sums from a keyframe. */
void profile_put(struct profile *, const struct event_profile *, uint32_t stack);
struct profile profile_copy(const struct profile *); /* a deep copy */
void profile_fini(struct profile *);                 /* it can be used again */

#endif
