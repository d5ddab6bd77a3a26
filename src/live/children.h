/* Finds the children of watched processes in /proc/PID/task/TID/children.
 *
 * These files are read at each look for a process with few threads. For one with many, only the main thread's
 * is read at each look, and the others once a second: a thousand threads are a thousand files. */
#ifndef LIVE_CHILDREN_H
#define LIVE_CHILDREN_H

#include "kern/tasks.h"
#include "live/members.h"

/* Starts from zeroes. */
struct children {
	uint64_t scan_ns; /* CLOCK_MONOTONIC: when to look for children again, or earlier, */
	uint64_t forks;   /* once there were more forks than this */
	uint64_t
	    all_ns; /* CLOCK_MONOTONIC: when to read the files of all threads again, however many there are */
	struct task_list found;  /* children of the member that is being read */
	struct task_list traced; /* children that were found, but will also be reported by the tracer */
	struct task_list threads;
	struct task_list before; /* see children_note */
	uint64_t left_out;       /* how many children_open left out that were not reported yet */
};
void children_fini(struct children *);

/* Notes which descendants a process has: to be called before it is opened, because it may fork at any
 * time. */
void children_note(struct children *, const char *proc_root, int32_t pid);
/* Starts to watch those that were noted, as if each had been named. Those for which there is no room, or that
 * may not be read, are reported as EVENT_LOST later. Children that came after children_note are found by
 * children_take. */
void children_open(struct children *, struct members *);
/* When to look for more, CLOCK_MONOTONIC. */
uint64_t children_due_ns(const struct children *);
/* Starts to watch children that have come since, if it is time to look. */
void children_take(struct children *, struct members *, struct sink *);
/* Sends as EVENT_LOST how many children came and went before they were found, as their parents' rings report,
 * and how many faults they had. For those that called exec it also sends their fork, what they became, and
 * their end. */
void children_send_unseen(struct members *, struct sink *);

#endif
