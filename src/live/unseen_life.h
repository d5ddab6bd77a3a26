/* What is reported of a process whose memory nobody saw, or not yet: that it was forked, which programs it became, and that it
 * ended, each at its time. It is known from the rings of its elder (kern/perf/unseen.h). */
#ifndef LIVE_UNSEEN_LIFE_H
#define LIVE_UNSEEN_LIFE_H

#include "kern/perf/unseen.h"
#include "live/watch.h"

/* Sends it, if it became another program; `watch` is of any process of its family. What was reported of it before is not
 * reported again. */
void unseen_life_send(const struct watch *, struct sink *, const struct unseen_process *);
/* The process is about to be seen, and whoever watches it has its execs from `until_ns` (CLOCK_MONOTONIC) on: sends those from
 * before, all but the last, which it then is. False: there are none, so what is seen is what was forked. */
bool unseen_life_send_past(const struct watch *, struct sink *, struct unseen_process *, uint64_t until_ns);

#endif
