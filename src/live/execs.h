/* Execs of the process. Each must be sent once, though it can be noticed in three ways: the tracer stops the
 * process at it; a look finds another program than before; the rings report it, with the faults of that time.
 * A look can come before the tracer's stop, and the report after either. Pure. */
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
};

/* The tracer has stopped at `count` execs in all. */
enum execs_stop {
	EXECS_STOP_NONE, /* no further one */
	EXECS_STOP_SENT, /* a further one, which was sent before */
	EXECS_STOP_NEW,  /* a further one, to be sent */
};
enum execs_stop execs_stop(struct execs *, unsigned count);

/* Which of the reported execs to send: returns how many, from *reports on, in order of time. */
size_t execs_reported(struct execs *, const struct fault_task **reports, size_t count);

#endif
