/* What a step waits for, and each thread's state in it.
 *
 * Only for the thread that traces, like all of trace/tracees.h, which stops the threads when a function here
 * says so. */
#ifndef TRACE_STEP_H
#define TRACE_STEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "base/err.h"
#include "event/source.h"
#include "event/call.h"
#include "kern/perf/faultstop.h"
#include "trace/singlestep.h"

/* A system call that has returned. */
struct step_call {
	struct event_call call;
	uint64_t *ips; /* its stack, as in event_stack; owned */
	size_t count;
	enum stack_end end;
	size_t deduced;
};

struct step_calls {
	struct step_call *list;
	size_t count, cap;
};
void step_calls_fini(struct step_calls *);

struct step {
	bool on; /* under way */
	enum step_kind kind;
	uint64_t first, end;          /* pages; any page if equal */
	uint64_t code[STEP_CODE_MAX]; /* addresses of instructions */
	size_t code_count;
	bool single_steps; /* without debug registers, though there are some */
	size_t armed;      /* threads */
	/* others may bring in pages for the thread: there are, or were, other threads or processes */
	bool shared;
	int pagemap;       /* of the process; not above 0: not open */
	struct err unread; /* what could not be read at its beginning, and why */
	uint64_t left;     /* how many are still to come */
	struct step_calls calls;
	bool has_timer; /* the timer exists; it is for threads that cannot be sent a signal */
	timer_t timer;
	uint64_t caught; /* signals that the program handles, when the step began */
};
void step_fini(struct step *);

/* Each thread's state in a step. */
struct step_thread {
	struct faultstop *events; /* NULL: it does not stop at faults */
	bool late;                /* it blocks all harmless signals, so we have to stop it, a little late */
	bool in_call;             /* in a call that changes memory: */
	struct event_call call;
	bool narrow;              /* of a 32-bit program */
	bool at_code;             /* it has debug registers armed */
	struct singlestep single; /* instead of these */
	int far_signal; /* before that, while none of the instructions' pages is there: comes at each fault; else 0 */
};

/* Begins a step: all threads of pid must be stopped. */
void step_begin(struct step *, pid_t pid, const struct control_step *);
/* Sets up a stopped thread's events for the step. 0, or -1 with ERR_DENIED, ERR_SYSTEM. */
int step_arm(struct step *, struct step_thread *, pid_t tid, struct err *);
void step_disarm(struct step_thread *);
/* The same for a stopped thread that is about to go on, with its debug registers. */
void step_disarm_standing(struct step_thread *, pid_t tid);
/* Continues a stopped thread in the way that the step needs, delivering a signal (0: none). One that was
 * killed meanwhile does not continue: waitpid reports it. */
void step_go(const struct step *, struct step_thread *, pid_t tid, int signal);
/* All threads are armed and continue: the step is under way. `late`: some threads have to be stopped by us
 * and checked every now and then. */
void step_start(struct step *, bool late);
/* A thread is about to make another, or a process. */
void step_share(struct step *);
/* It is over, or given up. */
void step_stop(struct step *);
bool step_is_on(const struct step *);
/* Does the thread have to be stopped by us, a little late? */
bool step_is_late(const struct step_thread *);
/* As step_arm, for a stopped thread that was created while the step is under way. -1 if it will not stop at
 * faults. */
int step_add(struct step *, struct step_thread *, pid_t tid);
/* The same for the only thread of a program that was just executed. */
int step_add_after_exec(struct step *, struct step_thread *, pid_t tid);
/* The reason for the stop, once what the step waits for has happened. */
enum stop_why step_why(const struct step *);
/* Appends the calls that were waited for and have come since the last call; they are the caller's. */
void step_take_calls(struct step *, struct step_calls *to);

/* The thread is stopped at a signal: is it ours, and not the program's? */
bool step_owns_signal(const struct step_thread *, pid_t tid, int signal);
/* The thread is stopped at a signal: has it reached an instruction that is, or was, armed? Then sets
 * *address. */
bool step_is_at_code(pid_t tid, int signal, uint64_t *address);
/* The same for a thread that makes single steps: is it the end of one? *address is 0 if the next instruction
 * is not armed. */
bool step_is_single(const struct step *, struct step_thread *, pid_t tid, int signal, uint64_t *address);
/* The thread has stopped at a fault on its way to instructions that are not in memory: does it stand at one of them, which
 * the fault has brought in? */
bool step_arrives(const struct step *, const struct step_thread *, pid_t tid, uint64_t *address);
/* Counts one that it has reached. True: that was the last one that was waited for. */
bool step_take_code(struct step *);
/* Counts the faults that the thread had. True: the last one waited for was among them. */
bool step_take_faults(struct step *, struct step_thread *);
/* Counts a fatal fault like any other. True as above. */
bool step_take_fatal(struct step *, uint64_t address);
/* The thread is stopped at a system call. True as above. At the end of a call, if the step counts calls,
 * *kept is the call, and the caller must fill in its stack before doing anything else with the step; else
 * NULL. */
bool step_take_syscall(struct step *, struct step_thread *, pid_t tid, struct step_call **kept);

#endif
