/* Which sources of data there are, as events: one for each at first, and when it changes. */
#ifndef LIVE_SOURCE_STATES_H
#define LIVE_SOURCE_STATES_H

#include "event/source.h"
#include "live/watch.h"

/* How one source is. `why`: translated, "" where it is there; good until the next call. */
struct source_state {
	bool asked; /* this watch uses it at all */
	bool ok;
	const char *why;
};

struct source_states {
	struct {
		bool known, ok;
		char *why; /* owned */
	} sent[SOURCE_KINDS];
	uint64_t looked_ns; /* CLOCK_MONOTONIC: when they were last looked at; 0: never */
};

void source_states_fini(struct source_states *);
/* Looks at all now, however recently that was done, the next time. */
void source_states_hurry(struct source_states *);
/* Sends what is new, if the last time is a while ago; `state` says how each one is. */
void source_states_send(struct source_states *, struct watch *, struct sink *,
			struct source_state (*state)(const void *context, enum source_kind),
			const void *context);

#endif
