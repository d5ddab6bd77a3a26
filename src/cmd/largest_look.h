/* The look at which the first process was largest. Many programs free all they have before they end, so their last
 * look does not show what made them grow. */
#ifndef CMD_LARGEST_LOOK_H
#define CMD_LARGEST_LOOK_H

#include "event/source.h"
#include "model/world.h"

struct largest_look {
	struct sink sink; /* for the source's events, after the world's */
	const struct world *world;
	struct source *source;   /* asked for the kernel's figures whenever it has grown */
	struct process *process; /* a copy, owned; NULL: none yet */
	uint64_t resident;       /* pages */
	uint64_t time_ns;
};

void largest_look_init(struct largest_look *, const struct world *, struct source *);
void largest_look_fini(struct largest_look *);
/* Has the process ended, and was it much larger at that look? If so, completes the copy with all names of
 * code that are known by now. */
bool largest_look_counts(const struct largest_look *);

#endif
