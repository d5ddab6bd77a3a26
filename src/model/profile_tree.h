/* Faults, and the pages that they brought in, by function: flat or as a tree.
 *
 *   by function   each fault counts only for the innermost function
 *   by callers    ... for every function on its stack, once each
 *   by own code   ... for the program's own function that caused it (model/own_code.h); below
 *                 that, what it called, down to the function that touched the page
 *
 * A node is a function, or what stands for one: code without a name, a stack that was not taken. Siblings
 * with the same figures keep the order in which they came: on one stack, callers come first. */
#ifndef MODEL_PROFILE_TREE_H
#define MODEL_PROFILE_TREE_H

#include "base/hash.h"
#include "model/own_code.h"

enum profile_by { PROFILE_FUNCTION, PROFILE_OWN, PROFILE_CALLERS, PROFILE_WAYS };

enum profile_kind {
	PROFILE_NAMED,
	PROFILE_UNNAMED,     /* code of the object without a known name */
	PROFILE_NO_STACK,    /* none was taken: who caused the fault is not known */
	PROFILE_CUT,         /* the stack could not be followed as far as own code */
	PROFILE_NOT_SAMPLED, /* none was sampled: when faults are many, only some have one */
	PROFILE_NOT_OWN,     /* there is no own code on the stack */
	PROFILE_REST,        /* those that there was no room for */
};
/* "code without a name": one translated line; "" for PROFILE_NAMED. */
const char *profile_kind_text(enum profile_kind);

struct profile_sum {
	uint64_t minor, major; /* faults */
	uint64_t pages;        /* that they brought in */
};

struct profile_node {
	enum profile_kind kind;
	uint32_t parent; /* its number; 0: none */
	uint32_t depth;
	char *name;   /* of the function, raw, owned; "": it has none */
	char *object; /* the file that it is in, without folders, or its region: raw, owned */
	struct profile_sum sum;
	uint64_t stamp; /* the last fault that was counted here */
	/* a hash of its name and the names above it: the same whenever the tree is rebuilt */
	uint32_t path;
	uint32_t below; /* how many nodes are directly below it */
	bool open;      /* set by profile_tree_order */
};

struct profile_tree {
	struct profile_node *nodes; /* number - 1 */
	size_t count, cap;
	struct hash hash;
	uint64_t stamp;
	struct profile_sum all;
};

/* How faults are counted, and where names come from. */
struct profile_way {
	enum profile_by by;
	const char *own;       /* as own_code_at's `paths` */
	own_code_names *names; /* NULL: the process's own */
	void *context;         /* of names */
};

/* Adds the sums of one instruction and one stack (may be empty). Returns how many addresses were visited, a
 * measure of the cost. */
size_t profile_tree_add(struct profile_tree *, const struct profile_way *, const struct process *,
			uint64_t ip, const struct event_stack *, const struct profile_sum *);
/* Adds sums about which nothing else is known. */
void profile_tree_add_rest(struct profile_tree *, const struct profile_sum *);

/* Indexes of nodes from top to bottom, siblings with the most pages first; a node's children only if is_open
 * says so. Returns how many; *order has room for as many as there are nodes. */
size_t profile_tree_order(struct profile_tree *, uint32_t *order,
			  bool (*is_open)(const void *context, const struct profile_node *),
			  const void *context);

void profile_tree_clear(struct profile_tree *); /* keeps memory */
void profile_tree_fini(struct profile_tree *);  /* it can be used again */

#endif
