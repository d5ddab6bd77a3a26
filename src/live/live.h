/* The live source: a running process, read again and again through kern/reader.h.
 *
 * Reads what can have changed, not everything: the fault counters and maps tell
 * cheaply that something happened, what the user looks at is read at every step,
 * and a slow sweep over everything, within a small share of a core, finds what no
 * counter told (madvise, reclaim, swap, a page replaced by another). */
#ifndef LIVE_LIVE_H
#define LIVE_LIVE_H

#include "event/source.h"
#include "kern/reader.h"
#include "model/world.h"

/* When the code that faults tell of is named (EVENT_SYMBOL): while nobody waits for it, or before
 * the fault is told, for those who print it and do not come back to it. */
enum live_names_when {
	LIVE_NAMES_LATER,
	LIVE_NAMES_NOW,
};

struct live_options {
	struct reader_options reader;
	uint64_t interval_ns; /* between looks; 0: the default, 50 ms */
	bool faults;          /* tell page faults too; default false */
	enum live_names_when names;
	bool stacks;    /* with the stack of each; default false: it costs the process more */
	bool own_input; /* a launched program gets our standard input; default: that of its terminal */
	bool paused;    /* a launched program does not go on from its exec before it is told to */
	bool cache;     /* ask the page cache too; default true from live_options_init */
	struct module_share
	    *share;  /* what is known of files that other processes run too (symbol/modules.h); NULL */
	bool follow; /* a launched program's children are traced from birth: for live/family.h */
};
void live_options_init(struct live_options *);

/* Watch a process that runs already. It is not stopped, signalled or written to.
 * *pid may be that of any of its threads: it becomes the process's. */
struct source *live_attach(int32_t *pid, const struct live_options *, struct world *, struct err *);

/* Start a program, stopped at its exec, in a terminal of its own of rows x columns.
 * It goes on at the first step. *pid is its pid. ERR_NOT_FOUND, ERR_DENIED where it
 * cannot be executed.
 *
 * It is held again, for as long as a sweep takes, at each further exec and when it is
 * about to end: the last picture is the one that stays. When the source is destroyed
 * while it runs, its terminal is closed, and it gets SIGHUP as from a terminal whose
 * window is closed; after CONTROL_END, destroy waits for its end. After CONTROL_RELEASE
 * it lives on: a process of its own, named pagescape-tty, keeps its terminal open and
 * throws away what it writes, until it has ended; reading from it waits forever. */
struct source *live_launch(char *const argv[], int rows, int columns, const struct live_options *,
			   struct world *, int32_t *pid, struct err *);

#endif
