/* Matches the regions of two address spaces. */
#ifndef COMPARE_MATCH_H
#define COMPARE_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/space.h"

struct match {
	const struct region *a, *b; /* one may be NULL: it has no partner. Owned by the spaces. */
	uint64_t ahead;             /* page of b that corresponds to page p of a: p + ahead, modulo 2^64 */
};

/* Do the two map the same things at the same addresses? */
bool match_same_layout(const struct space *a, const struct space *b);
/* All regions of both, in no order; returns how many. The caller frees *matches. */
size_t match_regions(const struct space *a, const struct space *b, struct match **matches);

#endif
