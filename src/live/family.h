/* Several processes as one source, addressed by pid: a process and its descendants, those of a cgroup, or any
 * that were chosen. Each has a live source of its own.
 *
 * A child of a launched program is held at its birth while its first picture is taken, and again at its execs
 * and its end, like the program itself: none is too short-lived to be seen. Children of an attached process
 * are found in /proc at each look, and nothing is stopped: a child that comes and goes between two looks is
 * not seen, and what a child did before it was found is not known. Those that are there at the attach are
 * watched from the beginning.
 *
 * At most MEMBERS_MAX live processes are watched at a time. Any more run unwatched, which EVENT_LOST reports.
 * Processes that have ended are not kept here. */
#ifndef LIVE_FAMILY_H
#define LIVE_FAMILY_H

#include "live/roll_call.h"

/* As live_attach. Children live on when the source is destroyed. */
struct source *family_attach(int32_t *pid, const struct live_options *, struct world *, struct err *);

/* Which processes are watched. */
struct family_choice {
	/* Watched from the beginning. Each must be there, and we must be allowed to read it: otherwise none is
	 * watched. Any may be the number of a thread. */
	const int32_t *pids;
	size_t count;
	/* All of these that can be watched, now and later; NULL: none. Taken over by the call, even if that
	 * fails. */
	struct roster *roster;
	struct roll_call_report report; /* reports which of these cannot be watched */
	bool children;                  /* watch their descendants, too */
};

/* Watches several processes. The watch ends with the last of them. A process that another one of them forked
 * becomes its child if the parent comes first in the list. *first is the pid of the first of them. NULL with
 * the errors of live_attach and roll_call_begin; ERR_USAGE: more than MEMBERS_MAX were named. */
struct source *family_attach_all(const struct family_choice *, int32_t *first, const struct live_options *,
				 struct world *, struct err *);

/* A launched program and all that it forks; see live_launch. When the source is destroyed, what happens to the
 * program happens to those children that are still in its terminal and process group; others live on. */
struct source *family_launch(char *const argv[], int rows, int columns, const struct live_options *,
			     struct world *, int32_t *pid, struct err *);

#endif
