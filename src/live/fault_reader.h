/* Faults as events. The rings say which thread touched a page and when (live/fault_intake.h), readings how
 * the page was and is (live/fault_pages.h), and both together why (live/fault_causes.h). */
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

/* What it works with: all the caller's, and longer-lived. */
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
	bool stacks;            /* with the stack of each, or */
	uint32_t sample;        /* of one of so many; 0: of each, until they are many (live/stack_rate.h) */
	bool held;              /* it is launched, and what it forks is held at its birth */
	bool small;             /* small rings at first: it is one of many, and its faults may be few; */
	bool heir;              /* but not so small: it shares much with its parent that may be copied */
	uint32_t stack_bytes;   /* sampled of each stack, at first; 0: as usual */
	struct ring_pool *pool; /* of the family; NULL: none */
	bool child;             /* of a watched one, which it shares memory with */
	bool heirs;             /* what it forks is looked for */
	bool files;             /* it is a captured tree of files: there are none */
	const bool *off;        /* by source kind: not to be used */
};

struct fault_reader {
	struct sink sink; /* comes before the one that events go to, and sees what readings change */
	struct sink *to;
	struct fault_parts parts;
	struct fault_options options;
	struct fault_intake intake;
	struct fault_pages pages;
	struct fault_causes causes;
	struct fault_stacks stacks;
	struct fatal_reader fatal;
	bool waits;      /* what has come waits until regions may be read */
	size_t standing; /* the record of the batch at which the process is stopped; SIZE_MAX: none */
	struct stopped_stack whole; /* that one's stack */
};

/* Opens what faults are read from, or keeps why not (fault_reader_err). */
void fault_reader_init(struct fault_reader *, const struct fault_parts *, const struct fault_options *);
void fault_reader_fini(struct fault_reader *);

/* How much is sampled of each stack at present; 0: nothing. */
uint32_t fault_reader_sampled(const struct fault_reader *);

/* What was asked for: that faults are reported, and each with its stack. */
bool fault_reader_is_wanted(const struct fault_reader *);
bool fault_reader_wants_stacks(const struct fault_reader *);
/* Can stacks be unwound here? */
bool fault_reader_can_unwind(const struct fault_reader *);

/* Are faults reported? If not, or not all, why; ERR_NONE: they all are, or were not asked for. */
bool fault_reader_is_on(const struct fault_reader *);
const struct err *fault_reader_err(const struct fault_reader *);
/* How faults are captured at present. */
const struct fault_capture *fault_reader_capture(const struct fault_reader *);
/* An fd to poll: readable when many have come; -1: none. */
int fault_reader_fd(const struct fault_reader *);
/* Have so many been taken from the rings that they should be sent soon? */
bool fault_reader_is_full(const struct fault_reader *);

/* From now on (CLOCK_MONOTONIC) the model has the whole picture; 0: from the beginning on. */
void fault_reader_know_from(struct fault_reader *, uint64_t clock_ns);
/* It is of the family of the elder, which lives longer. */
void fault_reader_join(struct fault_reader *, struct fault_reader *elder);

/* The sink to send to while a source is read. */
struct sink *fault_reader_sink(struct fault_reader *, struct sink *);
/* Sends the faults that have come, and the fatal ones. `readable`: the memory in which they happened is still
 * there, as far as is known. */
void fault_reader_take(struct fault_reader *, struct sink *, bool readable);
/* Execs of the process that came with the faults taken: they belong to the reader, until it takes faults
 * again. The call forgets them. */
size_t fault_reader_execs(struct fault_reader *, const struct fault_task **);
/* How many have been reported, up to now, that this has not returned yet. */
size_t fault_reader_count_execs(struct fault_reader *, struct sink *);
/* How many faults its rings have had by `until_ns` (CLOCK_MONOTONIC), lost ones too. To be called before any
 * was taken. */
uint64_t fault_reader_taken(struct fault_reader *, struct sink *, uint64_t until_ns);
/* How many forks of its family its rings have reported so far. */
uint64_t fault_reader_forks(const struct fault_reader *);
/* Takes one that its rings have seen forked and end, and that did not join; false: there is none. */
bool fault_reader_take_unseen(struct fault_reader *, struct unseen_process *);
/* As unseen_of_found, of a process that has joined the elder's family, with all that has come until now. *since_ns
 * (CLOCK_MONOTONIC): from then on its own rings have what happens. NULL: the elder has no rings, or they do not have it. */
struct unseen_process *fault_reader_joined_past(struct fault_reader *elder, struct sink *,
						const struct fault_reader *, int32_t pid, uint64_t *since_ns);
/* As unseen_was_reported. */
bool fault_reader_unseen_was_reported(const struct fault_reader *, int32_t pid);
/* The first look at one that joined found it, or found that it had ended already. */
void fault_reader_settle_joined(struct fault_reader *elder, int32_t pid, bool seen, bool over);
/* When a child of its family was forked (CLOCK_MONOTONIC), as its rings have it; 0: not known. */
uint64_t fault_reader_forked_ns(struct fault_reader *, struct sink *, int32_t child);
/* Takes from the rings what they hold, to be sent next, unless that was done just now: for whatever takes
 * long while faults are sent. */
void fault_reader_drain(struct fault_reader *, struct sink *);

#endif
