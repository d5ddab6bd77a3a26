/* Faults on their way from the rings to the sink, in order of time. What was taken is sent in batches; what
 * comes meanwhile is taken next. A batch ends before an exec: what comes after that is another program's, and
 * waits until the exec was passed. */
#ifndef LIVE_FAULT_INTAKE_H
#define LIVE_FAULT_INTAKE_H

#include "live/fault_capture.h"

struct fault_intake {
	struct fault_capture capture;
	struct fault_balance *balance; /* the caller's */
	struct fault_batch taken;      /* all that the rings held */
	size_t sent;                   /* how many of these were sent */
	struct fault_batch batch; /* those being sent now: a part of `taken`, which owns what they refer to */
	struct fault_batch ahead; /* those that came meanwhile: taken next */
	struct fault_task *execs; /* those that came and were not passed, in order of time */
	size_t exec_count, exec_cap;
	bool ended;  /* the process has ended: nothing more is taken from the rings */
	bool stands; /* the process has stopped, which was not reported yet */
};

/* Starts from zeroes: there are no rings. */
void fault_intake_init(struct fault_intake *, struct fault_balance *);
/* As fault_capture_open, and as fault_capture_refuse. */
void fault_intake_open(struct fault_intake *, struct watch *, const struct faults_options *);
void fault_intake_refuse(struct fault_intake *, const struct err *);
void fault_intake_fini(struct fault_intake *);

/* The rings; NULL: there are none, and fault_intake_err says why. */
struct faults *fault_intake_rings(const struct fault_intake *);
/* Why there are no rings, or what they lack; ERR_NONE: nothing. */
const struct err *fault_intake_err(const struct fault_intake *);
/* How much is sampled of each stack at present; 0: nothing, or there are no rings. */
uint32_t fault_intake_sampled(const struct fault_intake *);
/* How they are captured at present. */
const struct fault_capture *fault_intake_capture(const struct fault_intake *);
/* Notes whether the process has ended, and whether it has stopped without that being reported yet. The next
 * two functions return what was noted last. */
void fault_intake_note(struct fault_intake *, bool ended, bool stands);
bool fault_intake_has_ended(const struct fault_intake *);
bool fault_intake_stands(const struct fault_intake *);

/* The last batch was sent: makes the next one of up to `max` faults, from what was taken or, once all of that
 * is sent, from what came meanwhile and what the rings hold by now. Sends how many were lost. The caller
 * takes over the batch's mappings (fault_pages_take). */
void fault_intake_next(struct fault_intake *, struct sink *, size_t max);
/* The batch that is being sent. It stays the intake's, and is valid until the next one. */
struct fault_batch *fault_intake_batch(struct fault_intake *);
/* What has come meanwhile: taken next. It stays the intake's. */
struct fault_batch *fault_intake_ahead(struct fault_intake *);
/* Returns the batch unsent: it comes again with the next one. */
void fault_intake_return(struct fault_intake *);
/* The taken faults after the batch; they belong to the intake. */
struct fault_batch fault_intake_rest(const struct fault_intake *);
/* How many faults wait behind the batch, and when the first of them happened (CLOCK_MONOTONIC; UINT64_MAX:
 * there are none). */
size_t fault_intake_waiting(const struct fault_intake *);
uint64_t fault_intake_waiting_ns(const struct fault_intake *);
/* Takes from the rings what they hold, to be sent next. */
void fault_intake_drain(struct fault_intake *, struct sink *);
/* The same, unless it was done just now and the rings are not filling: for code that takes long while faults
 * are sent. */
void fault_intake_drain_if_due(struct fault_intake *, struct sink *);
/* The same, unless it was done since `time_ns` (CLOCK_MONOTONIC). False: not everything that came before then
 * is known. */
bool fault_intake_drain_to(struct fault_intake *, struct sink *, uint64_t time_ns);
/* How many faults the rings had got by `until_ns` (CLOCK_MONOTONIC), including lost ones. To be called before
 * any was taken. */
uint64_t fault_intake_taken(struct fault_intake *, struct sink *, uint64_t until_ns);
/* As fault_capture_measure. */
bool fault_intake_measure(struct fault_intake *, struct fault_load *);
/* Continues with other rings, with this many bytes of each stack, if they suit the measured load better.
 * False: they do not, or they could not be opened. */
bool fault_intake_replace(struct fault_intake *, uint32_t stack_bytes, struct sink *);

/* How many execs of the process have come, up to now, that were not passed. */
size_t fault_intake_count_execs(struct fault_intake *, struct sink *);
/* These execs, as soon as all faults before the first of them are sent: they belong to the intake, until the next
 * batch. */
size_t fault_intake_execs(const struct fault_intake *, const struct fault_task **);
/* The first `count` of them were sent: the faults after these come next. */
void fault_intake_pass(struct fault_intake *, size_t count);
/* Do the next faults wait for an exec to be passed? */
bool fault_intake_is_at_exec(const struct fault_intake *);

#endif
