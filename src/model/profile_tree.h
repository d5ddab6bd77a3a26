/* Faults and the pages that they brought in, by function: flat or as a tree.
 *
 *   by function   each fault counts only for the innermost function
 *   by callers    ... for every function on its stack, once each
 *   by own code   ... for the program's own function that caused it (model/own_code.h); below
 *                 that, what it called, down to the function that touched the page
 *
 * A node is a function, or what stands for one: code without a name, a stack that was not taken. Siblings
 * with the same figures keep the order in which they came: of the functions on one stack the caller first. */
#ifndef MODEL_PROFILE_TREE_H
#define MODEL_PROFILE_TREE_H

#include "base/hash.h"
#include "model/own_code.h"

enum profile_by { PROFILE_FUNCTION, PROFILE_OWN, PROFILE_CALLERS, PROFILE_WAYS };

enum profile_kind {
	PROFILE_NAMED,
	PROFILE_UNNAMED,     /* code of the object, and no name is known of it */
	PROFILE_NO_STACK,    /* none was taken: who caused the fault is not known */
	PROFILE_CUT,         /* the stack could not be followed as far as code of one's own */
	PROFILE_NOT_SAMPLED, /* none was sampled: of many faults only some have one */
	PROFILE_NOT_OWN,     /* there is no code of one's own on the stack */
	PROFILE_REST,        /* those for which there was no room */
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
	char *name;   /* of the function, raw, owned; "" where it has none */
	char *object; /* the file that it is in, without folders, or its region: raw, owned */
	struct profile_sum sum;
	uint64_t stamp; /* the last fault that was counted here */
	uint32_t path; /* a hash of its name and of those above it: the same whenever the tree is made anew */
	uint32_t below; /* how many nodes are right below it */
	bool open;      /* as profile_tree_order found it */
};

struct profile_tree {
	struct profile_node *nodes; /* number - 1 */
	size_t count, cap;
	struct hash hash;
	uint64_t stamp;
	struct profile_sum all;
};

/* How faults are counted, and who knows the names. */
struct profile_way {
	enum profile_by by;
	const char *own;       /* as own_code_at's `paths` */
	own_code_names *names; /* NULL: the process's own */
	void *context;         /* of names */
};

/* Counts faults that had one instruction and one stack (may be empty). Returns how many addresses were visited. */
size_t profile_tree_add(struct profile_tree *, const struct profile_way *, const struct process *,
			uint64_t ip, const struct event_stack *, const struct profile_sum *);
/* Counts faults of which nothing is known. */
void profile_tree_add_rest(struct profile_tree *, const struct profile_sum *);

/* Indexes of nodes from above to below, siblings with the most pages first; what is below a node only
 * where is_open says so. Returns how many; *order has room for as many as there are nodes. */
size_t profile_tree_order(struct profile_tree *, uint32_t *order,
			  bool (*is_open)(const void *context, const struct profile_node *),
			  const void *context);

void profile_tree_clear(struct profile_tree *); /* keeps memory */
void profile_tree_fini(struct profile_tree *);  /* it can be used anew */

#endif
