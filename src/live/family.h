/* A process and all that it forks, as one source: a live source each, asked by pid.
 *
 * What a launched program forks is held at its birth for as long as its first picture takes,
 * and again at its execs and its end, as the program itself: none is too short to be seen.
 * Forks of a process that was attached to are found in /proc at each look, and nothing is
 * stopped: a child that lives shorter than a look is not seen, and what it did before it was
 * found is not known.
 *
 * At most FAMILY_MAX live processes are watched at a time: those that come beyond it run
 * unwatched, which EVENT_LOST reports. Of one that has ended nothing is kept here. */
#ifndef LIVE_FAMILY_H
#define LIVE_FAMILY_H

#include "live/live.h"

#define FAMILY_MAX 64

/* As live_attach and live_launch. On quitting, the children of a launched program get what
 * it gets: they are of its terminal and its process group, unless they left them; then, as
 * those of a process that was attached to, they live on. */
struct source *family_attach(int32_t *pid, const struct live_options *, struct world *, struct err *);
struct source *family_launch(char *const argv[], int rows, int columns, const struct live_options *,
			     struct world *, int32_t *pid, struct err *);

#endif
