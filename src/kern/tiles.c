/* Tiles of page words: stretches of equal pages that follow one another. */
#include <stdlib.h>

#include "base/mem.h"
#include "kern/reader.h"

void tiles_add(struct tiles *t, uint64_t first, uint64_t end, uint32_t word)
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
	mem_grow(t->run, t->cap, t->count + 1);
	t->run[t->count++] = (struct run){first, end, word};
}

void tiles_fini(struct tiles *t)
{
	free(t->run);
	*t = (struct tiles){0};
}
