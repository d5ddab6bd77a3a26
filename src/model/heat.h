/* How many pages came in from where: a running tally of faults by instruction and stack.
 *
 * A fault costs one look into a table. Functions have their names later, if ever, so that
 * whoever draws the heat of functions joins the entries by name (render/heat_rows.h). */
#ifndef MODEL_HEAT_H
#define MODEL_HEAT_H

#include <stddef.h>
#include <stdint.h>

#include "event/event.h"

struct heat_entry {
	uint64_t ip;
	uint32_t stack;        /* see model/stacks.h; 0: not taken */
	uint64_t minor, major; /* faults */
	uint64_t pages;        /* that they brought in: the touched ones and their neighbours */
};

struct heat {
	struct heat_entry *entries;
	size_t count, cap;
	uint32_t *slots; /* hash table of index + 1; 0: free */
	size_t size;
	uint32_t last;          /* index of the latest: faults come in streaks */
	struct heat_entry rest; /* those for which there is no room */
};

/* How many pages a fault made resident: its own, where it is there now, and its neighbours. */
uint64_t fault_pages(const struct event_fault *);

void heat_add(struct heat *, const struct event_fault *, uint32_t stack);
/* A sum as it was told; for `rest` those of no place. */
void heat_put(struct heat *, const struct event_heat *, uint32_t stack);
struct heat heat_copy(const struct heat *); /* shares nothing */
void heat_fini(struct heat *);              /* it can be used anew */

#endif
