/* Applies events to the accounts of children and their parents. Each child's account (model/forked.h) is in
 * the child's process. */
#ifndef MODEL_FORKS_H
#define MODEL_FORKS_H

#include "model/process.h"

/* All watched processes. */
struct forks {
	struct process *const *list;
	size_t count;
};

/* To be called before the event is applied to the process, while names that it removes are still there.
 * Returns the page range of the event's region as it is before the event. */
struct run forks_before(const struct forks *, struct process *, const struct event *);
/* To be called after it was applied. */
void forks_after(const struct forks *, struct process *, const struct event *, const struct run *before);

/* How many faults of the two were lost since the first look at the child and may have been copies; if the
 * child had already run by then, all of its own lost faults. `parent` may be NULL. */
uint64_t forks_lost(const struct process *child, const struct process *parent);

#endif
