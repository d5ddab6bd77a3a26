/* Matches the regions of two address spaces. */
#ifndef COMPARE_MATCH_H
#define COMPARE_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/space.h"

/* What says that two regions are the same thing. */
enum match_by {
	MATCH_ALONE,   /* it has no partner */
	MATCH_ADDRESS, /* they overlap, and the layout is the same */
	MATCH_NAME,    /* a file and the offset in it, or a name that only one region has on each side */
	MATCH_ORDER,   /* deduced: several are of the same kind, and it is their order */
	MATCH_SIZE,    /* deduced: out of order, but no other of its kind has this size */
	MATCH_BYS,
};

struct match {
	const struct region *a, *b; /* one may be NULL: it has no partner. Owned by the spaces. */
	uint64_t ahead;             /* page of b that corresponds to page p of a: p + ahead, modulo 2^64 */
	enum match_by by;
};

/* Do the two map the same things at the same addresses? */
bool match_same_layout(const struct space *a, const struct space *b);
/* All regions of both, in no order; returns how many. The caller frees *matches. */
size_t match_regions(const struct space *a, const struct space *b, struct match **matches);

#endif
