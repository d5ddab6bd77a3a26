/* Faults on their way from the rings: taken in batches, in order of time. One batch is sent at a time; what
 * comes meanwhile goes into the next one. */
#ifndef LIVE_FAULT_INTAKE_H
#define LIVE_FAULT_INTAKE_H

#include "live/fault_capture.h"

struct fault_intake {
	struct fault_capture capture;
	struct fault_balance *balance; /* the caller's */
	struct fault_batch batch;      /* that is being sent */
	struct fault_batch ahead;      /* that came meanwhile: sent next */
	struct fault_task *execs;      /* that came since the last call of fault_intake_execs */
	size_t exec_count, exec_cap;
	bool ended;  /* the process has ended: nothing more is taken from the rings */
	bool stands; /* the process has stopped, and that was not reported yet */
};

/* Starts from zeroes; the rings are opened with fault_capture_open. */
void fault_intake_init(struct fault_intake *, struct fault_balance *);
void fault_intake_fini(struct fault_intake *);

/* The next batch: what came meanwhile, and all that the rings hold by now. Sends how many were lost. */
void fault_intake_next(struct fault_intake *, struct sink *);
/* Gives the batch back: it is taken again with the next one. */
void fault_intake_return(struct fault_intake *);
/* Takes from the rings what they hold, to be sent next. */
void fault_intake_drain(struct fault_intake *, struct sink *);
/* The same, unless it was done just now and they are not filling: for whatever takes long while faults are
 * sent. */
void fault_intake_drain_if_due(struct fault_intake *, struct sink *);
/* The same, unless it was done since `time_ns` (CLOCK_MONOTONIC). False: not everything that came before then
 * is known. */
bool fault_intake_drain_to(struct fault_intake *, struct sink *, uint64_t time_ns);
/* Continues with rings that sample so many bytes of each stack (fault_capture_replace). */
bool fault_intake_replace(struct fault_intake *, uint32_t stack_bytes, struct sink *);

/* Execs of the process that came in the batches: they belong to the intake, until the next batch. The call
 * forgets them. */
size_t fault_intake_execs(struct fault_intake *, const struct fault_task **);

#endif
