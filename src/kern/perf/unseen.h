/* Processes that a watched process forked, and that came and went before anybody found them: how many, which
 * programs they became, and how many faults they had. Pure.
 *
 *     fork 4250   fault fault   (found: it is seen) exit not counted
 *     fork 4251   fault fault fault                      exit     one process, three faults
 *
 * Events are passed in order of time. */
#ifndef KERN_PERF_UNSEEN_H
#define KERN_PERF_UNSEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kern/perf/faultring.h"

#define UNSEEN_EXECS_MAX 64 /* of one process: of more, the last is kept in place of the one before */
#define UNSEEN_REPORTED_MAX 1024

/* Starts from zeroes. */
struct unseen {
	struct unseen_process {
		int32_t pid, parent;
		int32_t ancestor; /* the nearest that is not in this list: its parent, or that one's */
		uint32_t threads; /* 0: it has ended */
		bool forked;      /* its fork was passed; a process can be found before that */
		bool found;       /* but not settled yet */
		bool seen;        /* settled as seen, and only its fork is missing */
		uint64_t faults;
		uint64_t forked_ns, ended_ns; /* CLOCK_MONOTONIC */
		/* of its parent's program, if the parent called exec while in this list; else "" */
		char name[FAULT_TASK_NAME_MAX];
		struct unseen_exec {
			uint64_t time_ns;
			char name[FAULT_TASK_NAME_MAX];
		} * execs; /* the programs that it became */
		size_t exec_count, exec_cap;
		/* its finder has reported its birth, and this many of its execs */
		bool introduced;
		size_t reported;
	} * list;
	size_t count, cap;
	int32_t
	    reported_pids[UNSEEN_REPORTED_MAX]; /* those that were taken, or ended, last: a ring; 0: none */
	size_t reported_next;
};
void unseen_fini(struct unseen *);
void unseen_process_fini(struct unseen_process *);

/* The functions below note what happened, in order of time. */
void unseen_fork(struct unseen *, const struct fault_task *);
void unseen_thread(struct unseen *, int32_t pid);
void unseen_exit(struct unseen *, const struct fault_task *); /* it has one thread fewer */
void unseen_exec(struct unseen *, const struct fault_task *); /* it goes on with one thread */
void unseen_fault(struct unseen *, int32_t pid);
/* The process was found. unseen_take leaves it out until its first look settles whether it was still there to
 * be seen. */
void unseen_found(struct unseen *, int32_t pid);
/* Settles a process that was found. `seen`: it is removed from the list; `over`: and nobody watches it any
 * more. Not seen: it had ended before the look, as if it had never been found. */
void unseen_settle(struct unseen *, int32_t pid, bool seen, bool over);
/* Takes one that has ended, to be given to unseen_process_fini; false: there is none. */
bool unseen_take(struct unseen *, struct unseen_process *);
/* The entry of a process that was found and is not settled; NULL: its fork was not noted. Valid until the
 * next call. */
struct unseen_process *unseen_of_found(const struct unseen *, int32_t pid);
/* Was it taken, or settled as over, and is no other process known to have got its pid since? It may still be
 * a zombie. Remembers the last UNSEEN_REPORTED_MAX. */
bool unseen_was_reported(const struct unseen *, int32_t pid);

#endif
