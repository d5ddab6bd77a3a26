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

#endif
