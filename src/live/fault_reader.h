/* Sends faults as events. The rings show which thread touched a page and when (live/fault_intake.h), readings
 * how the page was and is (live/fault_pages.h), and both together why (live/fault_causes.h). */
#ifndef LIVE_FAULT_READER_H
#define LIVE_FAULT_READER_H

#include "live/fatal_reader.h"
#include "live/fault_causes.h"
#include "live/fault_intake.h"
#include "live/fault_pages.h"
#include "live/fault_stacks.h"
#include "live/program.h"

struct live_status;
struct stepping;

/* What it works with. All stays the caller's and must live longer. */
struct fault_parts {
	struct watch *watch;
	struct reader *reader;
	struct schedule *schedule;
	struct counters *counters;
	struct code_names *names;
	const struct live_program *program;
	const struct live_status *status;
	const struct stepping *stepping;
};

struct fault_options {
	bool on;                /* faults are wanted */
	bool stacks;            /* with the stack of each or, if `sample` is set, */
	uint32_t sample;        /* of one in so many; 0: of each, unless there are many (live/stack_rate.h) */
	bool held;              /* it is launched, and what it forks is held at its birth */
	bool small;             /* small rings at first: it is one of many, and its faults may be few */
	bool heir;              /* but less small: much shared memory may be copied */
	uint32_t stack_bytes;   /* sampled of each stack, at first; 0: as usual */
	struct ring_pool *pool; /* of the family; NULL: none */
	bool child;             /* it is the child of a watched process, with which it shares memory */
	bool heirs;             /* its children are found in /proc */
	bool files;             /* it is a captured tree: there are no faults */
	const bool *off;        /* by source kind: switched off */
};

struct fault_reader {
	struct sink sink; /* sits in front of the sink `to`, and sees what readings change */
	struct sink *to;
	struct fault_parts parts;
	struct fault_options options;
	struct fault_intake intake;
	struct fault_pages pages;
	struct fault_causes causes;
	struct fault_stacks stacks;
	struct fatal_reader fatal;
	bool waits;      /* faults wait until regions may be read again */
	size_t standing; /* the record of the batch at which the process is stopped; SIZE_MAX: none */
	struct stopped_stack whole; /* the stack of the thread at that record */
};

/* Opens what faults are read from, or keeps the reason why not (fault_reader_err). */
void fault_reader_init(struct fault_reader *, const struct fault_parts *, const struct fault_options *);
void fault_reader_fini(struct fault_reader *);

/* How much is sampled of each stack at present; 0: nothing. */
uint32_t fault_reader_sampled(const struct fault_reader *);

/* Were faults requested, and stacks? */
bool fault_reader_is_wanted(const struct fault_reader *);
bool fault_reader_wants_stacks(const struct fault_reader *);
/* Can stacks be unwound here? */
bool fault_reader_can_unwind(const struct fault_reader *);

/* Are faults reported? And the reason if not, or not all; ERR_NONE: they all are, or were not requested. */
bool fault_reader_is_on(const struct fault_reader *);
const struct err *fault_reader_err(const struct fault_reader *);
/* How faults are captured at present. */
const struct fault_capture *fault_reader_capture(const struct fault_reader *);
/* An fd to poll: readable when many have come; -1: none. */
int fault_reader_fd(const struct fault_reader *);
/* Have so many been taken from the rings that they should be sent now? */
bool fault_reader_is_full(const struct fault_reader *);

/* From now on (CLOCK_MONOTONIC) the model has the whole picture; 0: from the beginning on. */
void fault_reader_know_from(struct fault_reader *, uint64_t clock_ns);
/* Joins the family of the elder, which must live longer. */
void fault_reader_join(struct fault_reader *, struct fault_reader *elder);

/* The sink to send to while a source is read. */
struct sink *fault_reader_sink(struct fault_reader *, struct sink *);
/* Sends the faults that have come, up to an exec that was not passed, and the fatal ones. `readable`: as far as
 * is known, the memory in which they happened is still there. */
void fault_reader_take(struct fault_reader *, struct sink *, bool readable);
/* The same for all that have come up to now, however many, in memory that is still there. */
void fault_reader_take_all(struct fault_reader *, struct sink *);
/* Execs of the process that were reported and not passed: the faults after the first of them wait. They belong
 * to the reader, and are valid until it takes faults again. None while faults from before them wait. */
size_t fault_reader_execs(const struct fault_reader *, const struct fault_task **);
/* The first of these were sent: the faults after them can be. */
void fault_reader_pass(struct fault_reader *, size_t execs);
/* How many have been reported, up to now, that were not passed. */
size_t fault_reader_count_execs(struct fault_reader *, struct sink *);
/* How many faults its rings have had by `until_ns` (CLOCK_MONOTONIC), lost ones too. To be called before any
 * was taken. */
uint64_t fault_reader_taken(struct fault_reader *, struct sink *, uint64_t until_ns);
/* How many forks in its family the rings have reported so far. */
uint64_t fault_reader_forks(const struct fault_reader *);
/* Takes a process that the rings saw being forked and ending, and that did not join; false: there is none. */
bool fault_reader_take_unseen(struct fault_reader *, struct unseen_process *);
/* As unseen_of_found, for a process that has joined the elder's family, including all that has come until
 * now. *since_ns (CLOCK_MONOTONIC) is the time from which on its own rings report. NULL: the elder has no
 * rings, or they did not see it. */
struct unseen_process *fault_reader_joined_past(struct fault_reader *elder, struct sink *,
						const struct fault_reader *, int32_t pid, uint64_t *since_ns);
/* As unseen_was_reported. */
bool fault_reader_unseen_was_reported(const struct fault_reader *, int32_t pid);
/* As unseen_settle, after the first look at a process that joined. */
void fault_reader_settle_joined(struct fault_reader *elder, int32_t pid, bool seen, bool over);
/* When a child of its family was forked (CLOCK_MONOTONIC), as its rings have it; 0: not known. */
uint64_t fault_reader_forked_ns(struct fault_reader *, struct sink *, int32_t child);
/* Takes from the rings what they hold, to be sent next, unless that was done just now: for whatever takes
 * long while faults are sent. */
void fault_reader_drain(struct fault_reader *, struct sink *);

#endif
