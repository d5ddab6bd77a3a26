/* What events say of children and the parents that they were forked by: model/forked.h has the
 * account of each, in the child's process. */
#ifndef MODEL_FORKS_H
#define MODEL_FORKS_H

#include "model/process.h"

/* All watched processes. */
struct forks {
	struct process *const *list;
	size_t count;
};

/* Before the event is applied to the process: names that it takes away are still there. Returns the pages of
 * the region that it is about, as they are before. */
struct run forks_before(const struct forks *, struct process *, const struct event *);
/* Once it was applied. */
void forks_after(const struct forks *, struct process *, const struct event *, const struct run *before);

#endif
