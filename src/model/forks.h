/* What events mean for children and their parents: model/forked.h has the account of each child, in the
 * child's process. */
#ifndef MODEL_FORKS_H
#define MODEL_FORKS_H

#include "model/process.h"

/* All watched processes. */
struct forks {
	struct process *const *list;
	size_t count;
};

/* To be called before the event is applied to the process, while names that it takes away are still there.
 * Returns the pages of the event's region, as they are before. */
struct run forks_before(const struct forks *, struct process *, const struct event *);
/* To be called after it was applied. */
void forks_after(const struct forks *, struct process *, const struct event *, const struct run *before);

/* Faults of either that were lost since the first look at the child, and may have copied; of one that already ran then,
 * all of its own. `parent` may be NULL. */
uint64_t forks_lost(const struct process *child, const struct process *parent);

#endif
