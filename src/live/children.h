/* Finds the children of watched processes in /proc/PID/task/TID/children.
 *
 * These files are read at each look for a process with few threads. For one with many, only the first thread's is,
 * and the others once a second: a thousand threads are a thousand files. */
#ifndef LIVE_CHILDREN_H
#define LIVE_CHILDREN_H

#include "kern/tasks.h"
#include "live/members.h"

/* Starts from zeroes. */
struct children {
	uint64_t scan_ns; /* CLOCK_MONOTONIC: when to look for children again, or earlier: */
	uint64_t forks;   /* once there were more forks than these */
	uint64_t
	    all_ns; /* CLOCK_MONOTONIC: when to look for those of all threads again, however many there are */
	struct task_list found;  /* of the member that is being read */
	struct task_list traced; /* that were found, and that the tracer will bring too */
	struct task_list threads;
	struct task_list before; /* see children_note */
	uint64_t left_out;       /* by children_open, and not reported yet */
};
void children_fini(struct children *);

/* Notes which children a process has, and theirs: to be called before it is opened, as it may fork at any time. */
void children_note(struct children *, const char *proc_root, int32_t pid);
/* Starts to watch those that were noted, as if each had been named. Those that there is no room for, or that may not be
 * read, are reported as EVENT_LOST later. Any others came later, and are found as such. */
void children_open(struct children *, struct members *);
/* When to look for more, CLOCK_MONOTONIC. */
uint64_t children_due_ns(const struct children *);
/* Starts to watch those that have come since, if it is time to look. */
void children_take(struct children *, struct members *, struct sink *);
/* Sends as EVENT_LOST how many have come and gone before they were found, as their parents' rings report, and how many
 * faults they had. Of those that became another program it also sends that they were forked, what they became, and that
 * they ended. */
void children_send_unseen(struct members *, struct sink *);

#endif
