/* Sends which sources of data are available: an event for each at first, and another when it changes. */
#ifndef LIVE_SOURCE_STATES_H
#define LIVE_SOURCE_STATES_H

#include "live/fault_reader.h"

/* Where their states come from. All of it is the caller's, and is used only during the call. */
struct source_parts {
	struct reader *reader;
	const struct fault_reader *faults;
	const bool *off;                /* by source kind: switched off */
	const struct err *maps_failure; /* why regions can no longer be read; ERR_NONE: they can */
};

/* Zeroes: nothing was sent yet. */
struct source_states {
	struct {
		bool known; /* it was sent; the rest is as in an EVENT_SOURCE */
		bool ok, partial;
		char *why; /* owned */
	} sent[SOURCE_KINDS];
	uint64_t asked_ns; /* CLOCK_MONOTONIC: when all were last checked; 0: never */
};

/* Frees it; all would be sent again then. */
void source_states_fini(struct source_states *);
/* Makes the next call check all of them, however recently that was done. */
void source_states_hurry(struct source_states *);
/* Sends an EVENT_SOURCE of the watched process for each source that this watch uses and whose state or reason
 * differs from what was sent. Those of faults are checked each time, the others once a second. */
void source_states_send(struct source_states *, struct watch *, struct sink *, const struct source_parts *);

#endif
