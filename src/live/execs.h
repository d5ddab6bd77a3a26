/* Execs of the process. Each must be sent once, though it can be noticed in three ways: the tracer stops the
 * process at it; a look finds a different program; the rings report it, with the faults of that time. A look
 * can come before the tracer's stop, and the report after either. Pure. */
#ifndef LIVE_EXECS_H
#define LIVE_EXECS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kern/perf/faultring.h"

struct execs {
	unsigned count; /* the tracer's stops whose exec was sent */
	bool ahead;     /* one more was sent, which the tracer has not stopped at yet */
	/* CLOCK_MONOTONIC, 0: none */
	uint64_t traced_ns;     /* when the last one that the tracer stopped at was sent */
	uint64_t unreported_ns; /* when one was sent whose report is still to come */
	unsigned unreported;    /* how many such reports are still to come */
};
/* How many stops of the tracer have been sent. */
unsigned execs_count(const struct execs *);
/* All execs up to the tracer's stop number `count` have been sent. */
void execs_catch_up(struct execs *, unsigned count);
/* An exec that a look has found is about to be sent; the tracer has stopped at `count` execs so far. If it
 * has not stopped at this one, it still will. */
void execs_seen(struct execs *, unsigned count);
/* An exec that the tracer stops at was sent now. */
void execs_traced(struct execs *);
/* The process continues: the tracer's next stop is another exec. */
void execs_go_on(struct execs *);
/* An exec whose report is still to come was sent now. */
void execs_sent(struct execs *);
/* How many were sent whose reports are still to come. */
unsigned execs_unreported(const struct execs *);

/* What the tracer's stops mean, when it has stopped at `count` execs in all. */
enum execs_stop {
	EXECS_STOP_NONE, /* no further exec */
	EXECS_STOP_SENT, /* a further exec, which was sent before */
	EXECS_STOP_NEW,  /* a further exec, to be sent */
};
enum execs_stop execs_stop(struct execs *, unsigned count);

/* How many of `count` reported execs of a process that the tracer stops at each were sent, or are so old that it
 * will not stop at them any more. */
size_t execs_settled(const struct execs *, const struct fault_task *reports, size_t count);
/* When the exec was that the tracer stops at now, and that was not sent yet, as reported (CLOCK_MONOTONIC); 0: it was
 * not. */
uint64_t execs_stopped_ns(const struct execs *, const struct fault_task *reports, size_t count);
/* Which of `count` reported execs from *reports on, in order of time, are still to be sent: advances *reports to the first
 * of them, and returns how many. */
size_t execs_reported(struct execs *, const struct fault_task **reports, size_t count);

#endif
