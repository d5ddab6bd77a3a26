/* What every part of the live source knows: which process is watched, the model, and the time since the watch
 * began. Beyond that, each part has its own state, and sees no other part's. */
#ifndef LIVE_WATCH_H
#define LIVE_WATCH_H

#include "event/sink.h"
#include "model/world.h"

struct watch {
	struct world *world; /* the caller's */
	int32_t pid;
	uint64_t began_ns; /* CLOCK_MONOTONIC; 0: the first picture is not whole yet */
	/* CLOCK_MONOTONIC: when the process ended, which is the time of events sent after that; 0: it has
	 * not */
	uint64_t ended_ns;
	uint64_t moved_ns; /* CLOCK_MONOTONIC: when the process was last seen to do something */
	bool changed;      /* something was sent in this step */
};

/* The time for events in nanoseconds since the watch began: of now, which is 0 during the first picture and
 * never later than the process's end, and of a time of CLOCK_MONOTONIC. */
uint64_t watch_now(const struct watch *);
uint64_t watch_time(const struct watch *, uint64_t clock_ns);
/* The process in the model; NULL before its first event. */
const struct process *watch_process(const struct watch *);
/* Sends an event, stamped with the process and the time, which is now. */
void watch_send(struct watch *, struct sink *, struct event *);
/* The process did something: looks keep their full rate for a while. */
void watch_note_move(struct watch *);

#endif
