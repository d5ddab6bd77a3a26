/* What the regions were called that faults fell into, each name kept once. A fault keeps its
 * place's number: the region may be gone, or another, when somebody looks at the list. */
#ifndef MODEL_PLACES_H
#define MODEL_PLACES_H

#include <stddef.h>
#include <stdint.h>

#include "event/region.h"

struct place {
	uint8_t kind; /* enum region_kind */
	char *path;   /* raw, owned; "" for none */
};

struct places {
	struct place *items; /* number - 1 */
	size_t count, cap;
	uint32_t *slots; /* hash table of numbers; 0: free */
	size_t size;
	uint32_t last; /* asked for last: faults come in streaks */
};

/* The number of the region's kind and path; 0 for NULL, and where no more are kept. */
uint32_t places_number(struct places *, const struct region *);
const struct place *places_at(const struct places *, uint32_t number); /* NULL for 0 */
/* "[heap]", "libc.so.6", "anon": raw; "" for NULL. */
const char *place_name(const struct place *);
struct places places_copy(const struct places *); /* shares nothing */
void places_fini(struct places *);                /* it can be used anew */

#endif
