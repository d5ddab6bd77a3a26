/* Stacks, each kept once: most faults have the same stack as an earlier one.
 *
 * A number stands for a stack as long as the table lives. The table is bounded: what does not fit gets number
 * 0, which means "not taken". */
#ifndef MODEL_STACKS_H
#define MODEL_STACKS_H

#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "event/event.h"

struct stacks {
	uint64_t *words; /* stack after stack: how many addresses and how it ends, then the addresses */
	size_t len, cap;
	struct hash hash; /* of the words: numbers */
};

/* The stack's number, added if new; 0 for an empty one, or if there is no more room. */
uint32_t stacks_add(struct stacks *, const struct event_stack *);
/* The stack with this number; count is 0 for number 0. Valid until the next stacks_add. */
struct event_stack stacks_get(const struct stacks *, uint32_t number);
struct stacks stacks_copy(const struct stacks *); /* a deep copy */
void stacks_fini(struct stacks *);                /* it can be used again */

#endif
