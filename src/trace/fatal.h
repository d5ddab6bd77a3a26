/* Faults that the kernel answered with a signal instead of a page: SIGSEGV, SIGBUS.
 *
 * No perf event reports them. A tracer sees them when the thread stops before the signal is delivered, so
 * they are known only for threads that we trace. */
#ifndef TRACE_FATAL_H
#define TRACE_FATAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "kern/perf/faultring.h"

struct fatal_fault {
	uint64_t time_ns; /* CLOCK_MONOTONIC: of the stop, a moment after the fault */
	uint64_t address; /* the address that was touched */
	uint64_t ip;      /* the instruction that touched it */
	pid_t tid;
	int signal, code; /* the signal's si_code */
	uint64_t entry;   /* the page's, from pagemap, at the stop; 0 also if it could not be read */
	bool guard;       /* it had the mark of a guard page */
	struct fault_sample sample; /* as for other faults */
	uint8_t *stack;             /* its bytes; owned */
};

struct fatal_faults {
	struct fatal_fault *list; /* in order of time */
	size_t count, cap;
	uint64_t lost; /* those that there was no room for, because they were not taken in time */
};
void fatal_faults_fini(struct fatal_faults *);
/* Drops the first n. */
void fatal_faults_drop(struct fatal_faults *, size_t n);
/* Moves those of `from` to the end of `to`. Where there is no room they are counted as lost. */
void fatal_faults_move(struct fatal_faults *to, struct fatal_faults *from);

/* A thread is stopped at a signal: appends the fault that caused it, or counts it as lost, and sets *address
 * to the address that was touched. False if no fault caused the signal, or it does not show which one, like
 * one sent by kill(2). For the tracing thread only. */
bool fatal_faults_take(struct fatal_faults *, pid_t pid, pid_t tid, int signal, uint64_t *address);

#endif
