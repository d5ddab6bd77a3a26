/* What events say of children and the parents that they were forked by: model/forked.h has the
 * account of each, in the child's process. */
#ifndef MODEL_FORKS_H
#define MODEL_FORKS_H

#include "event/event.h"

struct world;

/* Before the event is applied: names that it takes away are still there. Returns the pages of the region
 * that it is about, as they are before. */
struct run forks_before(struct world *, const struct event *);
/* Once it was applied. */
void forks_after(struct world *, const struct event *, const struct run *before);

#endif
