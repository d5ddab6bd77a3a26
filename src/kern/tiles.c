/* Memory for tiles; tiles_add is in the header, for speed. */
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
