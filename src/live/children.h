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
	uint64_t scan_ns;        /* CLOCK_MONOTONIC: when to look for children again, */
	uint64_t forks;          /* or when there were more forks than these */
	uint64_t all_ns;         /* ... of all threads, however many there are */
	struct task_list found;  /* of the member that is being read */
	struct task_list traced; /* that were found, and that the tracer will bring too */
	struct task_list threads;
};
void children_fini(struct children *);

/* Takes in those that have come, if it is time to look. */
void children_take(struct children *, struct members *, struct sink *);

#endif
