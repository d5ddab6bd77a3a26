/* Who was forked by a process whose children are looked for, and came and went before anybody found it: how many, which
 * programs they became, and how many faults they had. Pure.
 *
 *     fork 4250   fault fault   (found: it is seen)      exit     no part of it
 *     fork 4251   fault fault fault                      exit     one process, three faults
 *
 * What happens is passed on in order of time. */
#ifndef KERN_PERF_UNSEEN_H
#define KERN_PERF_UNSEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kern/perf/faultring.h"

#define UNSEEN_EXECS_MAX 64 /* of one process: of more, the last is kept in place of the one before */
#define UNSEEN_TOLD_MAX 1024

/* Starts from zeroes. */
struct unseen {
	struct unseen_process {
		int32_t pid, parent;
		int32_t ancestor; /* the nearest that is none of these: its parent, or that one's */
		uint32_t threads; /* 0: it has ended */
		bool forked;      /* its fork was passed on; a process can be found before */
		bool found;       /* and not settled yet */
		bool seen;        /* and only its fork is missing */
		uint64_t faults;
		uint64_t forked_ns, ended_ns; /* CLOCK_MONOTONIC */
		/* of its parent's program, if that became one while it was one of these; else "" */
		char name[FAULT_TASK_NAME_MAX];
		struct unseen_exec {
			uint64_t time_ns;
			char name[FAULT_TASK_NAME_MAX];
		} * execs; /* the programs that it became */
		size_t exec_count, exec_cap;
		/* whoever found it has reported its birth, and so many of these */
		bool introduced;
		size_t reported;
	} * list;
	size_t count, cap;
	int32_t told[UNSEEN_TOLD_MAX]; /* those that were taken, or ended, last: a ring; 0: none */
	size_t told_next;
};
void unseen_fini(struct unseen *);
void unseen_process_fini(struct unseen_process *);

/* What happened, in order of time. */
void unseen_fork(struct unseen *, const struct fault_task *);
void unseen_thread(struct unseen *, int32_t pid);
void unseen_exit(struct unseen *, const struct fault_task *); /* one thread fewer */
void unseen_exec(struct unseen *, const struct fault_task *); /* it goes on with one thread */
void unseen_fault(struct unseen *, int32_t pid);
/* It was found. It is not taken until its first look settles whether it was there to be seen. */
void unseen_found(struct unseen *, int32_t pid);
/* `seen`: from now on it is no part of this; `over`: and nobody watches it any more. Otherwise it had ended before the look:
 * as if it had never been found. */
void unseen_settle(struct unseen *, int32_t pid, bool seen, bool over);
/* Takes one that has ended, to be given to unseen_process_fini; false: there is none. */
bool unseen_take(struct unseen *, struct unseen_process *);
/* One that was found, until that is settled; NULL: it was not forked while this was noted. Good until the next call. */
struct unseen_process *unseen_of_found(const struct unseen *, int32_t pid);
/* Was it taken, or settled as over, and is no other process known to have got its number since? It may still be there, until
 * its parent waits for it. Of the last UNSEEN_TOLD_MAX. */
bool unseen_was_reported(const struct unseen *, int32_t pid);

#endif
