/* What a forked process and its parent have in common now, whether or not anybody saw how that came about: each page of
 * the child's private memory that is there in both, by whether both map the same frame. */
#ifndef COMPARE_PARTED_H
#define COMPARE_PARTED_H

#include <stdbool.h>
#include <stdint.h>

#include "event/source.h"
#include "model/process.h"

struct parted {
	bool known;     /* the source could compare them */
	uint64_t same;  /* pages in one frame; */
	uint64_t maybe; /* shared with some process, but without frame numbers nobody knows with which; */
	uint64_t own;   /* in two: one of the two got a copy since the fork, or both something new */
};

/* Both must be alive. Asks the source for each page: that takes time in proportion to what the child has. */
struct parted parted_take(struct source *, const struct process *child, const struct process *parent);

#endif
