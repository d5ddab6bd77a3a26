/* Touches that the kernel answered with a signal, and gave no page: SIGSEGV, SIGBUS.
 *
 * No perf event tells of them. They are seen by whoever traces the thread, where it stands
 * before the signal reaches it: so of threads that we trace alone. */
#ifndef TRACE_REFUSALS_H
#define TRACE_REFUSALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "kern/perf/faultring.h"

struct refusal {
	uint64_t time_ns; /* CLOCK_MONOTONIC: of the stop, a moment after the touch */
	uint64_t address; /* that was touched */
	uint64_t ip;      /* by this instruction */
	pid_t tid;
	int signal, code;           /* and its si_code */
	bool guard;                 /* the page's entry had the mark of a guard page */
	struct fault_sample sample; /* as a fault's */
	uint8_t *stack;             /* its bytes; owned */
};

struct refusals {
	struct refusal *list; /* in order of time */
	size_t count, cap;
	uint64_t lost; /* for which there was no room: they were not taken away in time */
};
void refusals_fini(struct refusals *);
/* Leaves out the first ones. */
void refusals_drop(struct refusals *, size_t n);
/* Appends those of `from`, which has none then. */
void refusals_move(struct refusals *to, struct refusals *from);

/* A thread stands at a signal. False where it is about no touch, or not said which: sent by
 * someone, say. For the thread that traces. *address: that was touched. */
bool refusals_take(struct refusals *, pid_t pid, pid_t tid, int signal, uint64_t *address);

#endif
