/* The names of the regions that faults happened in, each kept once. A fault keeps its region's number,
 * because the region may be gone, or be another, when somebody looks at the list. */
#ifndef MODEL_FAULT_REGIONS_H
#define MODEL_FAULT_REGIONS_H

#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "event/region.h"

struct fault_region {
	uint8_t kind; /* enum region_kind */
	char *path;   /* raw, owned; "": none */
};

struct fault_regions {
	struct fault_region *items; /* number - 1 */
	size_t count, cap;
	struct hash hash; /* of kind and path: numbers */
	uint32_t last;    /* the latest lookup: faults come in streaks */
};

/* The number for the region's kind and path, added if new; 0 for NULL, or if there is no more room. */
uint32_t fault_regions_number(struct fault_regions *, const struct region *);
const struct fault_region *fault_regions_at(const struct fault_regions *, uint32_t number); /* NULL for 0 */
/* "[heap]", "libc.so.6", "anon": raw; "" for NULL. */
const char *fault_region_name(const struct fault_region *);
struct fault_regions fault_regions_copy(const struct fault_regions *); /* a deep copy */
void fault_regions_fini(struct fault_regions *);                       /* it can be used again */

#endif
