/* What instructions do with memory, by their addresses: needed where the kernel does not report the access of
 * a fault. Each is decoded once. */
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
/* Regions change, or the program: other code may lie at an address from now on. */
void decoded_note(struct decoded *, const struct event *);
/* FAULT_READ or FAULT_WRITE, as the instruction at `ip` does; unknown where it does both or neither, and
 * where it cannot be read: in the kernel, or in code that no longer is what its file has. */
enum fault_access decoded_access(struct decoded *, const struct process *, uint64_t ip);

#endif
