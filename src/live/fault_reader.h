/* Faults as events. The rings say who touched a page and when; the page map says how it is. */
#ifndef LIVE_FAULT_READER_H
#define LIVE_FAULT_READER_H

#include "live/code_names.h"
#include "live/decoded.h"
#include "live/fatal_reader.h"
#include "live/fault_capture.h"
#include "live/fault_stacks.h"
#include "live/kinship.h"
#include "live/program.h"
#include "live/remap.h"
#include "live/schedule.h"
#include "live/seen.h"
#include "live/stack_growth.h"
#include "live/touches.h"
#include "live/userfaults.h"

/* What it works with: all the caller's, and longer-lived. */
struct fault_parts {
	struct watch *watch;
	struct reader *reader;
	struct schedule *schedule;
	struct counters *counters;
	struct code_names *names;
	const struct live_program *program;
};

struct fault_options {
	bool on;         /* faults are wanted */
	bool stacks;     /* with the stack of each, or */
	uint32_t sample; /* of one of so many; 0: of each, until they are many (live/stack_rate.h) */
	bool held;       /* it is launched, and what it forks is held at its birth */
	bool small;      /* small rings to begin with: a child, whose faults may be few */
	bool files;      /* it is a captured tree of files: there are none */
	const bool *off; /* by source kind: not to be used */
};

struct fault_reader {
	struct sink sink; /* stands before the one that events go to, and sees what readings change */
	struct sink *to;
	struct fault_parts parts;
	struct fault_options options;
	struct fault_capture capture;
	struct kinship kinship;   /* with those of its family */
	bool ended;               /* nothing more is taken from the rings */
	uint64_t known_ns;        /* CLOCK_MONOTONIC: before that the first picture was not whole */
	struct fault_batch batch; /* that is being sent */
	struct fault_batch ahead; /* that came while pages were read for it: sent next */
	struct fatal_reader fatal;
	struct touches touches;
	struct seen seen; /* since the faults were last taken */
	struct stack_growth growth;
	struct userfaults userfaults;
	struct remap remap; /* regions that faults may have been in, and that are not there any more */
	bool any_remap;     /* some of the batch's were */
	struct fault_stacks stacks;
	struct decoded decoded;
	struct fault_task *execs; /* that came since they were last asked for */
	size_t exec_count, exec_cap;
	bool waits;                 /* those ahead wait until regions may be read */
	bool stands;                /* the process has stopped, and that was not reported yet */
	size_t standing;            /* the record of the batch by which it stands; SIZE_MAX: none */
	struct stopped_stack whole; /* the stack of that one */
};

/* Opens what faults are read from, or keeps why not (fault_reader_why). */
void fault_reader_init(struct fault_reader *, const struct fault_parts *, const struct fault_options *);
void fault_reader_fini(struct fault_reader *);

/* Are faults reported? If not, or not all, why; ERR_NONE: they all are, or were not asked for. */
bool fault_reader_is_on(const struct fault_reader *);
const struct err *fault_reader_why(const struct fault_reader *);
/* An fd to poll: readable when many have come; -1: none. */
int fault_reader_fd(const struct fault_reader *);
/* So many have been taken from the rings that they are not to be kept waiting. */
bool fault_reader_is_full(const struct fault_reader *);

/* The sink to send to while a source is read. */
struct sink *fault_reader_sink(struct fault_reader *, struct sink *);
/* How the process is when its faults are taken. */
struct fault_turn {
	bool readable; /* the memory that they happened in is still there, as far as known */
	bool ended;    /* the process has */
	bool stands;   /* it stands, and that was not reported yet: nothing more comes */
	bool last;     /* it is held at its end: all that has come is taken while there is memory */
};
/* Sends the faults that have come, and the fatal ones. */
void fault_reader_take(struct fault_reader *, struct sink *, const struct fault_turn *);
/* Execs of the process that came with the faults taken: owned by the reader, until it takes faults
 * again. Asking forgets them. */
size_t fault_reader_execs(struct fault_reader *, const struct fault_task **);
/* When a child of its family was forked (CLOCK_MONOTONIC), as its rings have it; 0: not known. */
uint64_t fault_reader_forked_ns(struct fault_reader *, struct sink *, int32_t child);
/* Takes from the rings what they hold, to be sent next, unless that was done just now: for what
 * takes long while faults are sent. */
void fault_reader_drain(struct fault_reader *, struct sink *);

#endif
