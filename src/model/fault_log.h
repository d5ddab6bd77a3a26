/* The faults of a process in order: the events panel lists these, and a page's story is made of them. The
 * last FAULT_LOG_MAX are kept. */
#ifndef MODEL_FAULT_LOG_H
#define MODEL_FAULT_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "event/event.h"

#define FAULT_LOG_MAX ((size_t)1 << 18)

struct fault_entry {
	uint64_t time_ns; /* since the watch began */
	struct event_fault fault;
	uint32_t stack;  /* see model/stacks.h; 0: not taken */
	uint32_t region; /* the region that it happened in, see model/fault_regions.h; 0: none */
};

/* Faults are numbered from 0 in the order in which they came; [begin, end) are kept. If begin is not 0, there
 * were earlier ones. */
struct fault_log {
	struct fault_entry *entries; /* number modulo cap */
	size_t cap;                  /* a power of two, or 0 */
	uint64_t begin, end;
};

/* Adds the next fault; when there are too many, drops the oldest. */
void fault_log_add(struct fault_log *, const struct fault_entry *);
/* The fault with this number; NULL if it is not kept. */
const struct fault_entry *fault_log_at(const struct fault_log *, uint64_t number);
/* Renumbers those that are kept, so that the next one gets this number, the total so far. */
void fault_log_number(struct fault_log *, uint64_t next);
struct fault_log fault_log_copy(const struct fault_log *); /* a deep copy */
/* Forgets everything, but keeps the memory for what comes. */
void fault_log_clear(struct fault_log *);
void fault_log_fini(struct fault_log *); /* it can be used again */

#endif
