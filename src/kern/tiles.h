/* Tiles of page words: ranges of equal pages that follow one another, without a gap. */
#ifndef KERN_TILES_H
#define KERN_TILES_H

#include <stddef.h>

#include "event/runs.h"

/* Replaced or appended to; start with zeroes, end with tiles_fini. */
struct tiles {
	struct run *run;
	size_t count, cap;
};
void tiles_grow(struct tiles *); /* makes room for one more */
void tiles_fini(struct tiles *);

/* Adds [first, end), which may be empty, after the last tile; joins equal neighbours. Inline, because a scan
 * of alternating pages spends its time here. */
static inline void tiles_add(struct tiles *t, uint64_t first, uint64_t end, uint32_t word)
{
	if (first >= end)
		return;
	if (t->count > 0) {
		struct run *last = &t->run[t->count - 1];

		if (last->end == first && last->value == word) {
			last->end = end;
			return;
		}
	}
	if (t->count == t->cap)
		tiles_grow(t);
	t->run[t->count] = (struct run){ first, end, word };
	t->count++;
}

#endif
