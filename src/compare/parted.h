/* What a forked process and its parent share now, whether or not the fork was watched: each private page that
 * is present in both, by whether both map the same frame. */
#ifndef COMPARE_PARTED_H
#define COMPARE_PARTED_H

#include <stdbool.h>
#include <stdint.h>

#include "event/source.h"
#include "model/process.h"

struct parted {
	bool known;     /* the source could compare them */
	uint64_t same;  /* pages that share one frame */
	uint64_t maybe; /* shared with some process, but without frame numbers it is not known with which */
	uint64_t own;   /* in two frames: one of the two got a copy since the fork, or both something new */
};

/* Both must be alive. Asks the source about each page, so it takes time in proportion to the child's
 * memory. */
struct parted parted_take(struct source *, const struct process *child, const struct process *parent);

#endif
