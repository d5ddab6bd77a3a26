/* The stacks of faults: from what was sampled at each to the functions that led to it. */
#ifndef LIVE_FAULT_STACKS_H
#define LIVE_FAULT_STACKS_H

#include "event/event.h"
#include "kern/perf/faultring.h"
#include "kern/reader.h"
#include "live/code_names.h"
#include "model/space.h"

struct unwinder;

struct fault_stacks {
	struct reader *reader;     /* the caller's */
	struct code_names *names;  /* likewise; provides the files that code is in */
	const struct space *space; /* passed to the call that is running */
	struct unwinder *unwinder; /* NULL: stacks are not wanted, or cannot be sampled */
	bool stale;                /* the unwinder's mappings are out of date */
	bool unrun;   /* no fault of the program is known that it has become: only the kernel's */
	uint64_t top; /* where the program's first function began; 0: not known */
	uint64_t ips[STACK_MAX];
	/* since the last fault_stacks_advise: whether samples are long enough */
	uint64_t taken, ended; /* ended: cut off by the end of the sample */
	unsigned held;         /* how many times not to advise more, because faults were lost */
};

/* False if there is no unwinder for this machine. */
bool fault_stacks_init(struct fault_stacks *, struct reader *, struct code_names *);
void fault_stacks_fini(struct fault_stacks *);
/* Regions change: code may be in other files from now on. */
void fault_stacks_note(struct fault_stacks *, const struct event *);
/* Learns from the faults of the batch that have large stack samples. `top`: where the program's first
 * function began; 0: not known. */
void fault_stacks_learn(struct fault_stacks *, const struct space *, const struct fault_batch *,
			uint64_t top);
/* Can stacks be unwound on this machine, and are they wanted? */
bool fault_stacks_can(const struct fault_stacks *);
/* The stack of a fault, valid until the next call; count 0 if none was sampled. */
struct event_stack fault_stacks_get(struct fault_stacks *, const struct space *, const struct fault_batch *,
				    const struct fault_record *);
/* The same for a given sample, taken at the instruction `ip`. */
struct event_stack fault_stacks_of(struct fault_stacks *, const struct space *, int32_t tid,
				   const struct fault_sample *, uint64_t ip);
/* How many bytes of each stack to sample from now on, given that it was `bytes` until now: more if many
 * stacks are cut off by the end of the sample and the rate of faults leaves room for it, less if the rings
 * overflowed. */
uint32_t fault_stacks_advise(struct fault_stacks *, uint32_t bytes, uint64_t per_second, uint64_t lost);

#endif
