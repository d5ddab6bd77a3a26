/* The live source: a running process, read again and again through kern/reader.h.
 *
 * Reads what can have changed, not everything. The fault counters and maps show cheaply that something
 * happened; the pages that the user sees are read at every step; and a slow pass over everything, using a
 * small share of a core, finds what no counter shows (madvise, reclaim, swap, a page replaced by another). */
#ifndef LIVE_LIVE_H
#define LIVE_LIVE_H

#include "event/source.h"
#include "kern/reader.h"
#include "model/world.h"

/* When code that faults mention gets its names (EVENT_SYMBOL): in the background, or before the fault is
 * sent, for commands that print each fault once. */
enum live_names_when {
	LIVE_NAMES_LATER,
	LIVE_NAMES_NOW,
};

struct live_options {
	struct reader_options reader;
	uint64_t interval_ns; /* between looks; 0: the default, 50 ms */
	bool faults;          /* report page faults too; default false */
	enum live_names_when names;
	bool stacks;        /* with the stack of each; default false: it costs the process more */
	bool bare_children; /* but without the stacks of children, so that their rings hold more faults */
	uint32_t sample; /* one fault in so many has its stack; 0, the default: each, unless there are many */
	bool own_input;  /* a launched program gets our standard input; default: that of its terminal */
	bool paused;     /* a launched program waits at its exec for CONTROL_RESUME or a step */
	/* and again when it is about to end, with its memory still there: EVENT_STOP with STOP_EXIT, and
	 * CONTROL_RESUME lets it end */
	bool exit_paused;
	bool births_paused; /* its children also wait, before their first instruction (with follow) */
	bool cache;         /* read the page cache too; live_options_init sets it to true */
	/* what is known about files, shared with other processes (symbol/modules.h); may be NULL */
	struct module_share *share;
	struct ring_pool *pool; /* rings shared with other processes (kern/perf/ring_pool.h); may be NULL */
	bool figures;           /* the kernel's own figures with each whole picture, and from time to time */
	bool bytes;             /* with these, figures that need reading the process's memory */
	bool heirs;             /* its children are not held at birth, but looked for: for live/family.h */
	bool forks;             /* a launched program's children are traced from birth: for live/family.h */
	/* CLOCK_MONOTONIC: when the common watch of several processes began; 0 until the first picture of one
	 * of them is whole. NULL: it is watched alone */
	uint64_t *began_ns;
	bool several; /* one of many: small rings while its faults are few */
};
/* Sets the defaults. */
void live_options_init(struct live_options *);

/* Watches a process that is already running. It is not stopped, signalled or written to. *pid may be the id
 * of any of its threads, and is set to the pid. The caller ends the source with source_ops.destroy; likewise
 * below. */
struct source *live_attach(int32_t *pid, const struct live_options *, struct world *, struct err *);

/* Starts a program, stopped at its exec, in its own terminal of rows x columns. It continues at the first
 * step. *pid is set to its pid. ERR_NOT_FOUND, ERR_DENIED if it cannot be executed.
 *
 * It is held again, for as long as a sweep takes, at each further exec, by whichever thread, and when it is
 * about to end, for the last picture. If the source is destroyed while the program runs, its terminal is
 * closed, and it gets SIGHUP as from a terminal whose window is closed; after CONTROL_END, destroy waits for
 * its end. After CONTROL_RELEASE it lives on: a process of its own, named pagescape-tty, keeps its terminal
 * open and discards what it writes, until it has ended; reading from that terminal waits forever. */
struct source *live_launch(char *const argv[], int rows, int columns, const struct live_options *,
			   struct world *, int32_t *pid, struct err *);

/* What live/family.h needs from each member, apart from its source. */
struct live;
struct reader;
struct tracer;

/* Convert between what live_attach and live_launch return and the live source behind it. */
struct live *live_of_source(struct source *);
struct source *live_source(struct live *);
/* Watches a process that a watched one has forked. `tracer` (NULL: none) holds it at its birth, and is taken
 * over even if this fails; `elder` is the parent's elder, or the parent itself, and must live longer. */
struct live *live_of_child(int32_t pid, int32_t parent, struct tracer *, struct live *elder, struct world *,
			   const struct live_options *, struct err *);
struct live_facts {
	int32_t pid;
	bool started;       /* its first picture was taken */
	bool dead, ended;   /* it has ended; nothing more will be known of it either */
	struct live *elder; /* the first of its family; NULL: it is the first, or no other is watched */
	bool traced;        /* traced by us from its first instruction on, to its end */
	bool program_ended; /* its tracer has seen its end: only children and the terminal may be left */
	int tracer_fd;      /* readable when the tracer has news of any of the family; -1: none */
	uint64_t interval_ns;
	uint64_t forks;        /* forks by it and its descendants that its rings have reported */
	struct reader *reader; /* belongs to the live source */
};
/* Its current state. */
struct live_facts live_facts(const struct live *);

/* Takes a descendant that came and went without being found, to be freed with unseen_process_fini; false:
 * there is none. */
struct unseen_process;
bool live_take_unseen(struct live *, struct unseen_process *);
/* As unseen_was_reported, for a process of its family. */
bool live_unseen_was_reported(const struct live *, int32_t pid);
/* It has ended and is no longer watched. This prevents it from being taken for a new process if it is found
 * once more as a zombie. */
void live_note_over(struct live *);
/* As unseen_life_send, for a process of its family. */
void live_send_unseen(const struct live *, struct sink *, const struct unseen_process *);

/* The part that acts on the process. */
struct live_program;
struct live_program *live_program_of(struct live *);

/* Sends an event about it, stamped. */
void live_send(struct live *, struct sink *, struct event *);

#endif
