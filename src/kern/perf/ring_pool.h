/* Rings that outlive the events that write into them: to clear and map a ring costs more than all the faults of a
 * process that lives for some milliseconds, so many short-lived processes use the same ones in turn. Each ring is one
 * process's at a time. */
#ifndef KERN_PERF_RING_POOL_H
#define KERN_PERF_RING_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct ring_pool;

struct pooled_ring {
	int fd;        /* of the event that it belongs to: others are given it as their output */
	void *map;     /* a page for control, then the records */
	size_t bytes;  /* of the records, a power of two pages */
	size_t cpu;    /* whose events may write into it */
	uint32_t wake; /* how many bytes wake us */
};

/* The caller ends it with ring_pool_destroy, when all rings were given back. */
struct ring_pool *ring_pool_create(void);
void ring_pool_destroy(struct ring_pool *); /* NULL is fine */

/* Takes an empty ring with the bytes, cpu and wake of `wanted`, one that was given back or a new one, and fills in the
 * rest. -1 with err, which must not be NULL, as perf_error_ring fills it. */
int ring_pool_take(struct ring_pool *, struct pooled_ring *wanted, struct err *);
/* Memory that may be locked is short: the kernel lets an ordinary user lock so many bytes for rings, and so many of them
 * no taken ring has. False: it has refused none yet, or the limits are not known. */
bool ring_pool_is_short(const struct ring_pool *, size_t *allowed, size_t *left);
/* Gives one back, when no event writes into it any more. */
void ring_pool_give(struct ring_pool *, const struct pooled_ring *);

#endif
