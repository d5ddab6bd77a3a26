/* The thread that traces: for a launched program from the beginning and all its threads, for one that was
 * attached to only once it is paused.
 *
 * The kernel takes ptrace requests from one thread only, and a signal to a traced thread waits until its
 * tracer has passed it on: so that thread does nothing else and waits in waitpid. It leaves what it sees as
 * news; others ask it for what it should do. */
#ifndef TRACE_TRACER_H
#define TRACE_TRACER_H

#include "trace/launch.h"
#include "trace/tracees.h"

struct tracer;

/* Starts the program, held at its exec. *pid is its pid. `forks`: what it forks is
 * traced as well, from birth on, and what that forks. */
struct tracer *tracer_launch(char *const argv[], struct pty *, bool forks, pid_t *pid, struct err *);
/* The next process that was forked by a traced one and has not been asked for yet, and its pid; NULL: none.
 * It is held at its birth, or will be in a moment, and has run nothing yet. It has a tracer of its own,
 * served by the same thread; this tracer must be destroyed before that of the launched program. */
struct tracer *tracer_born(struct tracer *launched, pid_t *pid);
/* Ready to pause a running process. Nothing is done to it yet. */
struct tracer *tracer_attach(pid_t pid, struct err *);
/* Lets go of the process, which runs on; with the launched one the thread ends. */
void tracer_destroy(struct tracer *);

/* An fd to poll: readable when there is news of any process that the thread traces. */
int tracer_fd(const struct tracer *);
struct trace_news tracer_news(struct tracer *);

/* The picture was taken: the program may go on. */
void tracer_go(struct tracer *);
/* Stops all threads, without a signal. Waits a moment for that; news say when all have. -1 with the errors of
 * tracees_pause, or ERR_DENIED if we cannot trace here at all. */
int tracer_pause(struct tracer *, struct err *);
void tracer_resume(struct tracer *);
/* From a pause to the next one: returns when it has stopped again, or after wait_ns; then news will say when
 * it has. ERR_DENIED, ERR_SYSTEM: nothing has moved. */
int tracer_step(struct tracer *, const struct control_step *, uint64_t wait_ns, struct err *);
/* The system calls that steps have waited for, since this was last called; free with step_calls_fini. */
struct step_calls tracer_calls(struct tracer *);
/* Appends the faults that were answered with a signal since this was last called. A thread goes on after such
 * a fault only once it can be taken here. */
void tracer_fatal_faults(struct tracer *, struct fatal_faults *);
/* The stack of a stopped thread: count 0 if it is not stopped, or cannot be read. */
void tracer_stack(struct tracer *, pid_t tid, struct stopped_stack *);
/* Sends a signal to the launched program's process group, unless it has ended. */
void tracer_signal(struct tracer *, int sig);

#endif
