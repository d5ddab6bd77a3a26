/* What every part of the live source knows: which process it watches, what the model has of it, and
 * the watch's time. Each part has a state of its own beside it and sees no other part's. */
#ifndef LIVE_WATCH_H
#define LIVE_WATCH_H

#include "event/sink.h"
#include "model/world.h"

struct watch {
	struct world *world; /* the caller's */
	int32_t pid;
	uint64_t began_ns; /* CLOCK_MONOTONIC; 0: the first picture is not whole yet */
	uint64_t ended_ns; /* the same: it has ended, and what is sent now is of that moment; 0: it has not */
	uint64_t moved_ns; /* CLOCK_MONOTONIC: when something was last seen to happen */
	bool changed;      /* something was sent in this step */
};

/* The time of events, in nanoseconds: now, 0 during the first picture, not later than its end; and of CLOCK_MONOTONIC's clock_ns. */
uint64_t watch_now(const struct watch *);
uint64_t watch_time(const struct watch *, uint64_t clock_ns);
/* What the model has of the process; NULL before its first event. */
const struct process *watch_process(const struct watch *);
/* Sends an event, stamped with the process and the time, which is now. */
void watch_send(struct watch *, struct sink *, struct event *);
/* Something happened: looks are not to become rare yet. */
void watch_note_move(struct watch *);

#endif
