/* The thread that traces: a launched program with all its threads from the beginning, an attached one only
 * once it is paused.
 *
 * The kernel takes ptrace requests from one thread only, and a signal to a traced thread waits until its
 * tracer has passed it on: so that thread does nothing else and waits in waitpid. It publishes what it sees
 * as news, and takes requests from other threads. */
#ifndef TRACE_TRACER_H
#define TRACE_TRACER_H

#include "trace/launch.h"
#include "trace/tracees.h"

struct tracer;

/* Starts the program, held at its exec, and sets *pid. `forks`: all its descendants are traced too, from
 * birth on. The caller ends it with tracer_destroy. NULL with err: as launch_init and launch_failure,
 * ERR_DENIED, ERR_SYSTEM. */
struct tracer *tracer_launch(char *const argv[], struct pty *, bool forks, pid_t *pid, struct err *);
/* The next process that was forked by a traced one and was not returned yet, and its pid; NULL: none. It is
 * held at its birth, or will be in a moment, and has not run yet. It has a tracer of its own, served by the
 * same thread; this tracer must be destroyed before that of the launched program. */
struct tracer *tracer_born(struct tracer *launched, pid_t *pid);
/* Prepares to pause a running process; does nothing to it yet. NULL with err. */
struct tracer *tracer_attach(pid_t pid, struct err *);
/* Detaches from the process, which runs on. The tracing thread ends with the launched process's tracer. */
void tracer_destroy(struct tracer *);

/* An fd to poll: readable when there is news of any process that the thread traces. */
int tracer_fd(const struct tracer *);
struct trace_news tracer_news(struct tracer *);

/* The picture was taken: the program may continue. */
void tracer_go(struct tracer *);
/* Stops all threads, without a signal. Waits briefly for that; the news say when all have stopped. 0, or -1
 * with the errors of tracees_pause, or ERR_DENIED if we cannot trace at all. */
int tracer_pause(struct tracer *, struct err *);
void tracer_resume(struct tracer *);
/* Runs from a pause to the next one: returns when the process has stopped again, or after wait_ns; then the
 * news will say when it has. 0, or -1 with ERR_DENIED, ERR_SYSTEM: nothing has moved. */
int tracer_step(struct tracer *, const struct control_step *, uint64_t wait_ns, struct err *);
/* The system calls that steps waited for since the last call; the caller frees them with step_calls_fini. */
struct step_calls tracer_calls(struct tracer *);
/* Appends the faults that were answered with a signal since the last call. A thread continues after such a
 * fault only once the fault can be taken here. */
void tracer_fatal_faults(struct tracer *, struct fatal_faults *);
/* Reads the stack of a stopped thread; its count is 0 if the thread is not stopped, or the stack cannot be
 * read. */
void tracer_stack(struct tracer *, pid_t tid, struct stopped_stack *);
/* Sends a signal to the launched program's process group, unless it has ended. */
void tracer_signal(struct tracer *, int sig);

#endif
