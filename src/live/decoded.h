/* What instructions do with memory, by their addresses: for faults whose access the kernel does not report.
 * Each is decoded once. */
#ifndef LIVE_DECODED_H
#define LIVE_DECODED_H

#include "base/hash.h"
#include "live/code_names.h"

struct instructions;

struct decoded_ip {
	uint64_t ip;
	enum fault_access access;
};

struct decoded {
	struct code_names *names; /* the caller's */
	struct instructions *instructions;
	struct hash by_ip;
	struct decoded_ip *list;
	size_t count, cap;
};

/* `names` stays the caller's, and lives longer. */
void decoded_init(struct decoded *, struct code_names *names);
void decoded_fini(struct decoded *);
/* Regions change, or the program: addresses may have other code from now on. */
void decoded_note(struct decoded *, const struct event *);
/* FAULT_READ or FAULT_WRITE, as the instruction at `ip` does; unknown if it does both or neither, or cannot
 * be read: in the kernel, or in code that is no longer what its file has. */
enum fault_access decoded_access(struct decoded *, const struct process *, uint64_t ip);

#endif
