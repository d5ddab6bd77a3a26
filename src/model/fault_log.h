/* The faults of a process in the order in which they came: what the events panel lists
 * and a page's biography is made of. The last FAULT_LOG_MAX are kept. */
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
	uint32_t region; /* that it fell into, see model/fault_regions.h; 0: none */
};

/* Faults are numbered from 0 in the order of their coming; [begin, end) are kept. Where
 * begin is not 0 there were earlier ones. */
struct fault_log {
	struct fault_entry *entries; /* number modulo cap */
	size_t cap;                  /* a power of two, or 0 */
	uint64_t begin, end;
};

/* Adds the next fault; of too many the oldest is dropped. */
void fault_log_add(struct fault_log *, const struct fault_entry *);
/* NULL where it is not kept. */
const struct fault_entry *fault_log_at(const struct fault_log *, uint64_t number);
/* Numbers those that are kept anew, so that the next has this number: how many came in all. */
void fault_log_number(struct fault_log *, uint64_t next);
struct fault_log fault_log_copy(const struct fault_log *); /* shares nothing */
/* Forgets all, and keeps the memory for what comes. */
void fault_log_clear(struct fault_log *);
void fault_log_fini(struct fault_log *); /* it can be used anew */

#endif
