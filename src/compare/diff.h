/* What differs between two address spaces: by state, by region, by page. */
#ifndef COMPARE_DIFF_H
#define COMPARE_DIFF_H

#include <stddef.h>
#include <stdint.h>

#include "model/space.h"

struct diff_region {
	const struct region *a, *b;                  /* one may be NULL: new, or gone. Owned by the spaces. */
	uint64_t changed;                            /* pages that differ in state */
	uint64_t was[PAGE_STATES], now[PAGE_STATES]; /* census of each side */
	bool attr_changed;                           /* bounds, protection, ... */
};

struct diff {
	struct diff_region *regions; /* only those that differ, by address */
	size_t count, cap;
	uint64_t moves[PAGE_STATES][PAGE_STATES]; /* pages by state before and after, where the two differ */
	uint64_t changed;
	struct runs *changes; /* page -> (was << 4 | now); 0: the state is the same */
};

/* Two looks at one process: regions are matched by id. Fills d, which need not be initialised; both spaces
 * must live longer. */
void diff_spaces(struct diff *, const struct space *a, const struct space *b);
void diff_fini(struct diff *);

#endif
