/* Who owns the memory, by name. Regions that seem to have the same owner, with equal certainty, are one
 * line. */
#ifndef VERDICT_OWNERS_H
#define VERDICT_OWNERS_H

#include "model/process.h"
#include "verdict/recognise.h"

struct owner {
	enum owner_kind kind;
	enum owner_sure sure;
	char *name;         /* raw, owned: a path, or the name that the program gave; "" none */
	const char *ground; /* translatable: the evidence; NULL: nothing is known */
	uint64_t regions;
	uint64_t parts;                       /* regions that can hold memory: stacks without their guards */
	uint64_t heaps;                       /* for arenas: how many heaps, as a region can be several */
	uint64_t reserved, resident, swapped; /* bytes */
};

/* The largest resident size first. The caller ends it with owners_fini. */
struct owners {
	struct owner *list;
	size_t count, cap;
};
void owners_take(struct owners *, const struct process *);
void owners_fini(struct owners *);
/* The total of all owners of a kind, as certain as the most certain of them; `regions` is 0 if there are
 * none. The name is not set. */
struct owner owners_sum(const struct owners *, enum owner_kind);
/* "Go's heap", "libc.so.6": translated, raw. Belongs to the owner. */
const char *owner_title(const struct owner *);

#endif
