/* Processes of a family that are not watched: for good, if they may not be read; else because there is no
 * room. */
#ifndef LIVE_UNWATCHED_H
#define LIVE_UNWATCHED_H

#include <stdbool.h>

#include "kern/tasks.h"

/* Starts from zeroes. */
struct unwatched {
	struct unwatched_process {
		int32_t pid;
		bool for_good;
	} * list;
	size_t count, cap;
};

/* Adds a process that is not in the list. */
void unwatched_add(struct unwatched *, int32_t pid, bool for_good);
/* Is a process in the list? */
bool unwatched_has(const struct unwatched *, int32_t pid);
/* There is room again: forgets those that were refused for lack of room. */
void unwatched_reconsider(struct unwatched *);
/* Forgets those that are gone, because their pids may be reused. `there` is ascending. */
void unwatched_forget(struct unwatched *, const struct task_list *there);
void unwatched_fini(struct unwatched *);

#endif
