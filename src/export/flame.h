/* Stacks by the pages that they brought in, as a tree: what a flame graph is drawn from. */
#ifndef EXPORT_FLAME_H
#define EXPORT_FLAME_H

#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/strbuf.h"
#include "base/texts.h"
#include "export/export_names.h"
#include "model/stacks.h"

#define FLAME_NODES_MAX 200000 /* what does not fit counts for the function that called it */

struct flame_node {
	uint32_t name;          /* number in flame.names */
	uint32_t parent;        /* of nodes; the root's is itself */
	uint32_t depth;         /* the root's is 0 */
	uint64_t pages, faults; /* with all that it called */
	uint64_t own;           /* pages, without */
};

/* nodes[0] is the root, all faults; a node comes after its parent. */
struct flame {
	struct flame_node *nodes;
	size_t count, cap;
	struct hash children; /* of parent and name: index + 1 */
	struct texts names;   /* printable; the first is "" */
	/* stacks that came before, by their addresses */
	struct stacks stacks;
	uint32_t *node_of; /* by the stack's number there */
	size_t node_of_cap;
	struct strbuf line;
};

/* An empty flame graph. */
void flame_init(struct flame *);
void flame_fini(struct flame *);
/* Adds a fault of a process. Returns the node of the innermost function. */
uint32_t flame_add(struct flame *, const struct later_names *, const struct process *,
		   const struct event *fault);
/* Sums each node's pages and faults with those of all that it called. To be called once, after the last
 * fault. */
void flame_sum(struct flame *);

#endif
