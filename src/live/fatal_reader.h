/* Sends faults that ended in a signal as events among the other faults: which thread it was, and why. */
#ifndef LIVE_FATAL_READER_H
#define LIVE_FATAL_READER_H

#include "kern/perf/faults.h"
#include "live/code_names.h"
#include "live/fault_pages.h"
#include "live/fault_stacks.h"
#include "live/schedule.h"
#include "live/watch.h"
#include "trace/fatal.h"

struct live_program;

struct fatal_reader {
	struct watch *watch;
	struct schedule *schedule;
	struct fault_pages *pages;
	struct fault_stacks *stacks;
	struct code_names *names;
	struct fatal_faults waiting; /* taken from the tracer, not sent yet */
};

/* Everything that is passed in stays the caller's and lives longer. */
void fatal_reader_init(struct fatal_reader *, struct watch *, struct schedule *, struct fault_pages *,
		       struct fault_stacks *, struct code_names *);
void fatal_reader_fini(struct fatal_reader *);
/* Takes the fatal faults from the program's tracer; none if there is no tracer. */
void fatal_reader_take(struct fatal_reader *, const struct live_program *);
/* Are there any that were not sent yet? */
bool fatal_reader_waits(const struct fatal_reader *);
/* Sends those from before `until_ns` (CLOCK_MONOTONIC), and how many were lost. `rings` (NULL: there are
 * none) provide the access; `ended`: the process can no longer be read. */
void fatal_reader_send(struct fatal_reader *, struct sink *, const struct process *, uint64_t until_ns,
		       const struct faults *rings, bool ended);

#endif
