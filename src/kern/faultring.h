/* The bytes of a perf ring, as records of page faults. Pure: bytes in, records out. */
#ifndef KERN_FAULTRING_H
#define KERN_FAULTRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A fault that was handled: the page is there when the record is written. */
struct fault_record {
	uint64_t time_ns; /* CLOCK_MONOTONIC */
	uint64_t address; /* that was touched */
	uint64_t ip;      /* by this instruction */
	uint64_t id;      /* of the perf event that counted it */
	int32_t pid, tid;
	bool major;       /* not in the bytes: what the id stands for */
};

struct fault_batch {
	struct fault_record *records;
	size_t count, cap;
	uint64_t lost;    /* that the ring had no room for */
};
void fault_batch_fini(struct fault_batch *);

/* Appends the faults in [tail, head) of a ring of `size` bytes, a power of two. Positions
 * only grow; where they stand in the ring is their rest by its size. A record that makes
 * no sense ends it, and counts as one lost. */
void faultring_parse(const uint8_t *ring, size_t size, uint64_t tail, uint64_t head, struct fault_batch *);

#endif
