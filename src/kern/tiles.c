/* Tiles of page words: stretches of equal pages that follow one another. */
#include <stdlib.h>

#include "base/mem.h"
#include "kern/reader.h"

void tiles_grow(struct tiles *t)
{
	mem_grow(t->run, t->cap, t->count + 1);
}

void tiles_fini(struct tiles *t)
{
	free(t->run);
	*t = (struct tiles){ 0 };
}
