/* The threads that we trace, and what to do with each of their stops.
 *
 * All of it may be called by one thread only, the one that traces: the kernel takes ptrace requests from no
 * other (see trace/tracer.h, which owns that thread). */
#ifndef TRACE_TRACEES_H
#define TRACE_TRACEES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"
#include "trace/fatal.h"
#include "trace/step.h"
#include "trace/stopped_stacks.h"

/* Why a launched program is held for a moment: so that its picture can be taken. */
enum tracee_hold {
	TRACEE_FREE,
	TRACEE_AT_EXEC,  /* the new image is there, but none of its instructions has run */
	TRACEE_AT_EXIT,  /* the main thread ends, its memory is still there */
	TRACEE_AT_BIRTH, /* it was forked by a traced one, and none of its instructions has run */
};

struct tracee {
	pid_t tid;
	bool stopped;
	bool group_stop; /* stopped together with its process, by a signal such as SIGSTOP */
	int signal;      /* to be delivered when it goes on; 0: none */
	bool born;       /* a new thread whose first stop is still to come */
	long options;    /* its ptrace options; -1: those of the thread that made it */
	struct step_thread step;
};

/* A pause: all threads stop together, and stay stopped. */
struct tracees_pause {
	bool asked;     /* a pause was requested */
	bool done;      /* all threads have stopped */
	unsigned count; /* how often they have stopped; the reason this time: */
	enum stop_why why;
	pid_t who;        /* the thread that it is about; 0: none */
	uint64_t address; /* of STOP_CODE: the instruction */
};

struct tracees {
	pid_t pid;
	bool launched; /* traced all the time: our child, or a descendant of it */
	bool forks;    /* what it forks is traced from birth on */
	bool leaving;  /* detaching: each thread is detached where it stops */
	bool unborn;   /* it was forked, and its first stop is still to come */
	struct tracee *list;
	size_t count, cap;
	struct tracees_pause pause;
	struct stopped_stacks *stacks; /* NULL: none was wanted yet */
	struct step step;              /* what the next stop waits for */
	struct fatal_faults fatal;     /* faults that ended in a signal, not taken yet */
	bool group_stopped;            /* the main thread is stopped by a signal such as SIGSTOP */
	enum tracee_hold hold;         /* of the main thread */
	unsigned execs;
	bool ended; /* the whole launched process has ended; wait_status says how */
	int wait_status;
};

/* What has happened to a process, for those who watch it. */
struct trace_news {
	enum tracee_hold hold; /* the program is held until tracees_go */
	unsigned execs;
	bool paused;
	unsigned stops; /* how often it has been paused; the reason last time: */
	enum stop_why why;
	pid_t who;        /* the thread that it is about; 0: none */
	uint64_t address; /* of STOP_CODE: the instruction */
	bool stepping;    /* it runs until what a step waits for happens */
	bool stopped;     /* by a signal: known only for processes that are traced all the time */
	bool ended;       /* the whole launched program has ended; wait_status as from waitpid */
	int wait_status;
};

/* Does nothing to the process yet (pid 0: there is none). `forks`: what it forks is traced too, from birth
 * on. */
void tracees_init(struct tracees *, pid_t pid, bool forks);
void tracees_fini(struct tracees *);

/* Traces a child, which has one thread so far, and all threads that it creates, to see execs and its end.
 * This does not stop it. 0, or -1 with ERR_DENIED, ERR_SYSTEM. */
int tracees_adopt(struct tracees *, pid_t pid, struct err *);
/* Takes on a process that a traced one has forked: the kernel already traces it in the same way, and it stops
 * before its first instruction, where it is held. */
void tracees_bear(struct tracees *, pid_t pid);
pid_t tracees_pid(const struct tracees *);
/* Is what it forks traced too? */
bool tracees_follow(const struct tracees *);
/* The current state. */
struct trace_news tracees_news(const struct tracees *);
/* Append the system calls that steps waited for, and the faults that ended in a signal, since the last call;
 * they are the caller's. */
void tracees_take_calls(struct tracees *, struct step_calls *to);
void tracees_take_fatal(struct tracees *, struct fatal_faults *to);
/* Is this one of its threads: one that we trace, or (tracees_own) also one that we do not know yet? */
bool tracees_have(const struct tracees *, pid_t tid);
bool tracees_own(const struct tracees *, pid_t tid);
/* Detaches from it: now if it is stopped, else at its next stop. */
void tracees_leave(struct tracees *);
/* waitpid no longer knows any of them: forgets them all. */
void tracees_lose(struct tracees *);
/* Handles what waitpid reported about a thread. Returns the process that the thread has just forked; 0:
 * none. */
pid_t tracees_take(struct tracees *, pid_t tid, int wait_status);
/* Is there anything that waitpid could report? */
bool tracees_expected(const struct tracees *);

/* The picture was taken: continues the process if it was held for that. */
void tracees_go(struct tracees *);
/* Asks all threads to stop; `paused` in the news says when they have. 0, or -1 with ERR_DENIED, ERR_GONE,
 * ERR_SYSTEM. */
int tracees_pause(struct tracees *, struct err *);
/* Ends tracing: lets all threads run, wherever they are held. */
void tracees_quit(struct tracees *);
/* Sends a signal to the process group of the launched process, unless that has ended. */
void tracees_signal(const struct tracees *, int sig);
/* Lets all threads run, and detaches from a process that was not launched. */
void tracees_resume(struct tracees *);
/* Continues the paused threads until what is asked for has happened; then they stop again together. 0, or -1
 * with the errors of step_arm, or ERR_SYSTEM if they have not all stopped yet: then nothing has moved. */
int tracees_step(struct tracees *, const struct control_step *, struct err *);
/* Reads the stack of a stopped thread; its count is 0 if the thread is not stopped. */
void tracees_stack(struct tracees *, pid_t tid, struct stopped_stack *);
/* Checks threads that cannot be sent a signal (see step_is_late). */
void tracees_check_late(struct tracees *);

#endif
