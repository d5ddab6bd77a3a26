/* Processes that share one address space: a child of vfork(2), or of clone(2) with CLONE_VM, and its parent.
 * A page that one of them touches is mapped for all. */
#ifndef MODEL_MATES_H
#define MODEL_MATES_H

#include "model/forks.h"

/* A process had a fault: adds it to the stories of all others that run in its memory. */
void mates_note(const struct forks *, const struct process *, const struct event *);

#endif
