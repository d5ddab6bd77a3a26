/* Which functions caused copies of what a parent and its child shared at the fork, and in which of the
 * two. */
#ifndef VERDICT_COPIERS_H
#define VERDICT_COPIERS_H

#include "model/world.h"

/* A function that caused copies. */
struct copier {
	char *function, *object; /* raw, owned; "": code without a name, of no file */
	uint64_t pages;
	bool parent; /* it ran in the parent, else in the child */
};

/* Sorted by pages, the largest first. */
struct copiers {
	struct copier *list;
	size_t count, cap;
};

/* Collects them from the child's account. `world` has its parent, whose names of code are needed; NULL: there
 * is none. The caller ends it with copiers_fini. */
struct copiers copiers_take(const struct world *, const struct process *child);
void copiers_fini(struct copiers *);

#endif
