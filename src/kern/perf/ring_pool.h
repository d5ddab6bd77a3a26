/* Rings that outlive the events that write into them: clearing and mapping a ring costs more than all the
 * faults of a process that lives for a few milliseconds, so short-lived processes reuse the same rings one
 * after another. Each ring serves one process at a time. */
#ifndef KERN_PERF_RING_POOL_H
#define KERN_PERF_RING_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct ring_pool;

struct pooled_ring {
	int fd;        /* of the event that it belongs to; other events are redirected to it */
	void *map;     /* a page for control, then the records */
	size_t bytes;  /* of the records, a power of two pages */
	size_t cpu;    /* the CPU whose events may write into it */
	uint32_t wake; /* how many bytes wake us */
};

/* The caller ends it with ring_pool_destroy, when all rings were given back. */
struct ring_pool *ring_pool_create(void);
void ring_pool_destroy(struct ring_pool *); /* NULL is fine */

/* Takes an empty ring, returned or new, with the bytes, cpu and wake of `wanted`, and fills in the rest. 0,
 * or -1 with err as perf_error_ring sets it; err must not be NULL. */
int ring_pool_take(struct ring_pool *, struct pooled_ring *wanted, struct err *);
/* Is lockable memory short? Then *allowed is how many bytes the kernel lets an ordinary user lock for rings,
 * *left how many of these no ring in use has. False: the kernel has refused none yet, or the limits are not
 * known. */
bool ring_pool_is_short(const struct ring_pool *, size_t *allowed, size_t *left);
/* Gives one back, when no event writes into it any more. */
void ring_pool_give(struct ring_pool *, const struct pooled_ring *);

#endif
