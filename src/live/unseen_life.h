/* What is reported about a process whose memory was not seen, or not yet: its fork, which programs it became,
 * and its end, each at its time. This is known from the rings of its elder (kern/perf/unseen.h). */
#ifndef LIVE_UNSEEN_LIFE_H
#define LIVE_UNSEEN_LIFE_H

#include "kern/perf/unseen.h"
#include "live/watch.h"

/* Sends these events if it became another program; `watch` may be that of any process of its family. Nothing
 * is reported twice. */
void unseen_life_send(const struct watch *, struct sink *, const struct unseen_process *);
/* The process is about to be seen, and its own watch has its execs from `until_ns` (CLOCK_MONOTONIC) on:
 * sends those from before, except the last, which is the program that will be seen. False: there are none, so
 * it still runs what was forked. */
bool unseen_life_send_past(const struct watch *, struct sink *, struct unseen_process *, uint64_t until_ns);

#endif
