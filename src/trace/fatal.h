/* Touches that the kernel answered with a signal, and gave no page: SIGSEGV, SIGBUS.
 *
 * No perf event reports them. They are seen by whoever traces the thread, where it stands
 * before the signal reaches it: so of threads that we trace alone. */
#ifndef TRACE_FATAL_H
#define TRACE_FATAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "kern/perf/faultring.h"

struct fatal_fault {
	uint64_t time_ns; /* CLOCK_MONOTONIC: of the stop, a moment after the touch */
	uint64_t address; /* that was touched */
	uint64_t ip;      /* by this instruction */
	pid_t tid;
	int signal, code;           /* and its si_code */
	bool guard;                 /* the page's entry had the mark of a guard page */
	struct fault_sample sample; /* as a fault's */
	uint8_t *stack;             /* its bytes; owned */
};

struct fatal_faults {
	struct fatal_fault *list; /* in order of time */
	size_t count, cap;
	uint64_t lost; /* for which there was no room: they were not taken away in time */
};
void fatal_faults_fini(struct fatal_faults *);
/* Leaves out the first ones. */
void fatal_faults_drop(struct fatal_faults *, size_t n);
/* Appends those of `from`, which has none then. */
void fatal_faults_move(struct fatal_faults *to, struct fatal_faults *from);

/* A thread stands at a signal. False where it is about no touch, or not said which: sent by
 * someone, say. For the thread that traces. *address: that was touched. */
bool fatal_faults_take(struct fatal_faults *, pid_t pid, pid_t tid, int signal, uint64_t *address);

#endif
