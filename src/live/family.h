/* A process and all that it forks, as one source: a live source each, asked by pid.
 *
 * What a launched program forks is held at its birth for as long as its first picture takes,
 * and again at its execs and its end, like the program itself: none is too short-lived to be seen.
 * Forks of a process that was attached to are found in /proc at each look, and nothing is
 * stopped: a child that comes and goes between two looks is not seen, and what one did before it was
 * found is not known.
 *
 * At most FAMILY_MAX live processes are watched at a time: any more run unwatched, which EVENT_LOST
 * reports. Nothing is kept here of one that has ended. */
#ifndef LIVE_FAMILY_H
#define LIVE_FAMILY_H

#include "live/live.h"

#define FAMILY_MAX 64

/* As live_attach and live_launch. On quitting, the children of a launched program get what
 * it gets, as they belong to its terminal and its process group. Those that have left these live on, as
 * do those of a process that was attached to. */
struct source *family_attach(int32_t *pid, const struct live_options *, struct world *, struct err *);
struct source *family_launch(char *const argv[], int rows, int columns, const struct live_options *,
			     struct world *, int32_t *pid, struct err *);

#endif
