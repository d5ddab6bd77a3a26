/* What every part of the live source knows: which process it watches, what the model has of it, and the
 * watch's time. Beyond that, each part has its own state, and sees no other part's. */
#ifndef LIVE_WATCH_H
#define LIVE_WATCH_H

#include "event/sink.h"
#include "model/world.h"

struct watch {
	struct world *world; /* the caller's */
	int32_t pid;
	uint64_t began_ns; /* CLOCK_MONOTONIC; 0: the first picture is not whole yet */
	/* CLOCK_MONOTONIC: when it ended; what is still sent has this time; 0: it has not */
	uint64_t ended_ns;
	uint64_t moved_ns; /* CLOCK_MONOTONIC: when something was last seen to happen */
	bool changed;      /* something was sent in this step */
};

/* The time of events in nanoseconds: now, which is 0 during the first picture and never after the process's
 * end; and the same for a time of CLOCK_MONOTONIC. */
uint64_t watch_now(const struct watch *);
uint64_t watch_time(const struct watch *, uint64_t clock_ns);
/* What the model has of the process; NULL before its first event. */
const struct process *watch_process(const struct watch *);
/* Sends an event, stamped with the process and the time, which is now. */
void watch_send(struct watch *, struct sink *, struct event *);
/* Something happened: looks keep their full rate for a while. */
void watch_note_move(struct watch *);

#endif
