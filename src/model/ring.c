#include "model/ring.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/minmax.h"

void *ring_number(void *entries, size_t size, uint64_t cap, uint64_t *begin, uint64_t *end, uint64_t next)
{
	uint64_t kept = min(*end - *begin, next), from = *end - kept;
	char *old = entries, *renumbered;

	*begin = next - kept;
	*end = next;
	if (!old)
		return NULL;
	renumbered = mem_zalloc(cap * size);
	for (uint64_t i = 0; i < kept; i++)
		memcpy(renumbered + (*begin + i) % cap * size, old + (from + i) % cap * size, size);
	free(old);
	return renumbered;
}
