/* Where tiles take their memory from; they are added in the header, for speed. */
#include "kern/tiles.h"

#include <stdlib.h>

#include "base/mem.h"

void tiles_grow(struct tiles *t)
{
	mem_grow(t->run, t->cap, t->count + 1);
}

void tiles_fini(struct tiles *t)
{
	free(t->run);
	*t = (struct tiles){ 0 };
}
