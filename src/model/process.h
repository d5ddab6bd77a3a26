/* One watched process: what is known of it, part by part. */
#ifndef MODEL_PROCESS_H
#define MODEL_PROCESS_H

#include <stddef.h>
#include <stdint.h>

#include "event/event.h"
#include "model/calls.h"
#include "model/departures.h"
#include "model/exec_log.h"
#include "model/fault_history.h"
#include "model/forked.h"
#include "model/history.h"
#include "model/names.h"
#include "model/output.h"
#include "model/space.h"
#include "model/stacks.h"
#include "model/threads.h"

/* Which program it runs, and as which user; replaced at each exec. */
struct process_identity {
	char **argv; /* raw, NULL-terminated, owned */
	char *comm, *exe;
	int bits;         /* 32 or 64: of the program; 0: not known */
	int address_bits; /* width of a virtual address */
	uint32_t uid;
	bool launched;        /* by us, and we may end it */
	bool recorded_launch; /* by whoever recorded it */
};

/* The kernel's counters of it. */
struct process_counters {
	bool known;
	struct event_counters now, first; /* first: when the watch began */
};

/* Its past in figures. */
struct process_course {
	uint64_t born_ns;    /* when its first event came */
	uint64_t changed_ns; /* time of the last event that changed anything on the screen: not a tick */
	uint64_t ticks;      /* whole pictures of it */
	uint64_t lost;       /* faults of its own */
	/* processes of its family that nobody watched (LOST_PROCESSES), and faults of those that came and went */
	uint64_t unseen, unseen_faults;
	unsigned execs;
	enum began began;        /* whether the base of growth is known */
	bool began_kept;         /* that came from a keyframe */
	uint64_t began_resident; /* resident pages at the first whole picture; else 0 */
};

/* Why it is stopped. */
struct process_stop {
	bool known;     /* true while it is paused */
	unsigned count; /* how often it has stopped */
	enum stop_why why;
	int32_t tid; /* the thread that it is about; 0: none */
};

/* The kernel's own figures, as they were last read. */
struct process_figures {
	bool known;
	uint64_t time_ns;
	struct kernel_figures read;
};

struct source_status {
	bool known;
	bool ok, partial; /* as in struct event */
	char *why;        /* the reason if it is known and not ok, or partial; else "". Owned, never NULL */
};

/* process_copy copies everything that it owns: add new fields there, too. */
struct process {
	int32_t pid;
	int32_t parent;  /* the watched process that forked it; 0: none */
	bool forked_any; /* is, or was, the parent of a watched process; for model/forks.h */
	struct process_identity identity;
	enum process_status status;
	int status_code;
	struct process_counters counters;
	struct process_course course;
	struct process_stop stop;
	struct space *space;
	struct fault_history faults;
	struct forked forked;         /* what it shared with its parent */
	struct calls calls;           /* its system calls */
	struct departures departures; /* pages that went */
	struct exec_log execs;        /* what it became */
	struct stacks stacks;         /* of faults and calls */
	struct names *names;          /* of the code in these */
	struct threads threads;
	struct history history; /* resident pages and faults over time */
	struct output output;   /* what it wrote to its terminal */
	struct source_status sources[SOURCE_KINDS];
	struct process_figures figures;
};

/* A process that was just found, and about which nothing is known yet. The caller frees it with
 * process_destroy. */
struct process *process_create(int32_t pid, unsigned page_shift, uint64_t now_ns);
void process_destroy(struct process *); /* NULL is fine */
/* A deep copy. */
struct process *process_copy(const struct process *);
/* Takes an event of this process; returns whether anything on the screen changed. An exec clears the
 * space. */
bool process_apply(struct process *, const struct event *);

/* Does it still have memory to look at: is it running, stopped or paused? */
bool process_alive(const struct process *);
/* Minor and major page faults since the watch began, by the kernel's counters; 0 while these are not
 * known. */
uint64_t process_minor(const struct process *);
uint64_t process_major(const struct process *);
/* By how many pages its resident memory has grown since the watch began; false if that is not known. */
bool process_growth(const struct process *, int64_t *pages);
/* Growth of resident memory in pages a second, over the last seconds before now_ns; 0 if too little is
 * known. */
double process_growth_rate(const struct process *, uint64_t now_ns);

#endif
