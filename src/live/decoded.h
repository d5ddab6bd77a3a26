/* What instructions do with memory, by their addresses: for faults whose access the kernel does not report.
 * Each is decoded once. */
#ifndef LIVE_DECODED_H
#define LIVE_DECODED_H

#include "base/hash.h"
#include "kern/perf/faultring.h"
#include "kern/reader.h"
#include "live/code_names.h"

struct instructions;

struct decoded_ip {
	uint64_t ip;
	enum fault_access access;
	bool copies; /* it reads at rsi and writes at rdi */
};

struct decoded {
	struct code_names *names; /* the caller's */
	struct instructions *instructions;
	struct hash by_ip;
	struct decoded_ip *list;
	size_t count, cap;
};

/* `names` stays the caller's, and must live longer. */
void decoded_init(struct decoded *, struct code_names *names);
void decoded_fini(struct decoded *);
/* Decodes the instructions of a batch that are in no file, being code made at run time. Their bytes are read
 * from the process now, soon after the fault, before they are gone. They may already have changed, so they
 * count only if, with the sampled registers, they touch the address of the fault. Code that is in a file, and
 * faults that were looked up before, are left out. */
void decoded_peek(struct decoded *, struct reader *, const struct process *, struct fault_batch *);
/* Regions or the program change: forgets addresses that may have other code from now on. */
void decoded_note(struct decoded *, const struct event *);
/* What the instruction of a fault does: FAULT_READ or FAULT_WRITE. Unknown if it does both or neither, or if
 * it cannot be read because it is in the kernel or differs from its file, unless decoded_peek has decoded it.
 * `sampled`: what was sampled with the fault; NULL: nothing. Its registers show where a copying instruction
 * reads and where it writes. */
enum fault_access decoded_access(struct decoded *, const struct process *, const struct fault_record *,
				 const uint8_t *sampled);

#endif
