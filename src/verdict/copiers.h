/* Who copied what a parent and its child shared at the fork: by function, and by which of the two. */
#ifndef VERDICT_COPIERS_H
#define VERDICT_COPIERS_H

#include "model/world.h"

/* A function that caused copies. */
struct copier {
	char *function, *object; /* raw, owned; "": code without a name, of no file */
	uint64_t pages;
	bool parent; /* the parent's, else the child's */
};

/* Those with most pages first. */
struct copiers {
	struct copier *list;
	size_t count, cap;
};

/* By the child's account. `world`: has its parent, whose names of code are needed; NULL: there is none. The caller ends it
 * with copiers_fini. */
struct copiers copiers_take(const struct world *, const struct process *child);
void copiers_fini(struct copiers *);

#endif
