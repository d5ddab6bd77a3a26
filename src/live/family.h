/* Several processes as one source, a live source each, asked by pid: a process and all that it forks, those of a
 * cgroup, or any that were chosen.
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

#include "kern/roster.h"
#include "live/live.h"

#define FAMILY_MAX 64

/* As live_attach and live_launch. On quitting, the children of a launched program get what
 * it gets, as they belong to its terminal and its process group. Those that have left these live on, as
 * do those of a process that was attached to. */
struct source *family_attach(int32_t *pid, const struct live_options *, struct world *, struct err *);

/* Which are watched from the beginning, and which later. */
struct family_choice {
	const int32_t *pids; /* each must be there, and be ours to look into: else none is watched. Any may
			      * be that of a thread */
	size_t count;
	/* All of these, as far as they can be watched, and those that come to be of them: looked for every
	 * second. NULL: none. Becomes the family's, where it fails, too */
	struct roster *roster;
	bool children; /* and all that they fork */
	/* Of the roster one could not be watched at the beginning, and why; of more than there is room for
	 * the others are `pid` 0, once. NULL: nobody wants to know */
	void (*left_out)(void *context, int32_t pid, const struct err *why);
	void *context;
};

/* Watches several. That one ends does not end the watch. Those that are forked by others of them are their
 * children, where the parent comes first. *first is the pid of the first of them. ERR_NOT_FOUND where the roster
 * has none that can be watched. */
struct source *family_attach_all(const struct family_choice *, int32_t *first, const struct live_options *,
				 struct world *, struct err *);

/* A launched program and all that it forks. */
struct source *family_launch(char *const argv[], int rows, int columns, const struct live_options *,
			     struct world *, int32_t *pid, struct err *);

#endif
