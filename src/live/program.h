/* Acts on the process: starts, traces, releases and ends it, and serves its terminal. All other parts of the
 * live source only read. */
#ifndef LIVE_PROGRAM_H
#define LIVE_PROGRAM_H

#include <poll.h>

#include "event/source.h"
#include "live/watch.h"
#include "trace/pty.h"
#include "trace/tracer.h"

struct live_program {
	int32_t pid;
	bool launched;          /* by us, and not released */
	bool born;              /* forked by a launched one, and traced like that: we see its end */
	struct tracer *tracer;  /* NULL: attached to, and never paused */
	struct trace_news news; /* the tracer's latest; all zero without one */
	struct pty pty;
	uint64_t kill_ns; /* when to kill it after CONTROL_END; 0: not asked for */
};

/* For a process that is already running. `born` (NULL: none) is the tracer that holds it at its birth; it
 * becomes the program's. */
void live_program_attach(struct live_program *, int32_t pid, struct tracer *born);
/* Starts one, held at its exec, in its own terminal. `own_input`: with our standard input instead of its
 * terminal's. `forks`: what it forks is traced as well. 0, or -1 with ERR_NOT_FOUND, ERR_DENIED if it cannot
 * be executed; live_program_fini is needed even then. */
int live_program_launch(struct live_program *, char *const argv[], int rows, int columns, bool own_input,
			bool forks, struct err *);
/* Detaches from it; after CONTROL_END, waits for its end first, for the rest of the grace period. */
void live_program_fini(struct live_program *);

int32_t live_program_pid(const struct live_program *);
/* Was it started by us, and not released since? */
bool live_program_is_launched(const struct live_program *);
/* Was it forked by a launched one, and has our tracer held it at its birth? */
bool live_program_is_born(const struct live_program *);
/* Is there a tracer? Not for one that was attached to and never paused. */
bool live_program_has_tracer(const struct live_program *);
/* Has our tracer traced it from its first instruction on, so that it sees how it ends? */
bool live_program_is_traced(const struct live_program *);
/* Asks the tracer for news. */
void live_program_update(struct live_program *);
/* The news, as last asked for; all zero without a tracer. */
const struct trace_news *live_program_news(const struct live_program *);
/* An fd to poll: readable when the tracer has news; -1: there is no tracer. */
int live_program_tracer_fd(const struct live_program *);
/* Waits briefly for the tracer to stop at one more exec than `execs`; the news show whether it has. */
void live_program_await_exec(struct live_program *, unsigned execs);
/* Continues it from where its tracer holds it for its picture, and asks for news. There must be a tracer. */
void live_program_go(struct live_program *);
/* As tracer_pause; gives it a tracer first if it has none. 0, or -1 with the errors of tracer_attach and
 * tracer_pause. */
int live_program_pause(struct live_program *, struct err *);
/* As tracer_resume, if there is a tracer. */
void live_program_resume(struct live_program *);
/* As tracer_step. It must be paused. */
int live_program_step(struct live_program *, const struct control_step *, uint64_t wait_ns, struct err *);
/* As tracer_calls. There must be a tracer. The caller frees them with step_calls_fini. */
struct step_calls live_program_take_calls(struct live_program *);
/* As tracer_fatal_faults; nothing if there is no tracer. */
void live_program_take_fatal(const struct live_program *, struct fatal_faults *);
/* As tracer_stack, for the thread that its last stop is about. There must be a tracer. */
void live_program_stopped_stack(const struct live_program *, struct stopped_stack *);

/* Sends its terminal the input that it did not accept before. */
void live_program_flush(struct live_program *);
/* What to poll its terminal for; fd -1: nothing. */
struct pollfd live_program_terminal(const struct live_program *);
/* Sends what it has written to its terminal as EVENT_OUTPUT. */
void live_program_send_output(struct live_program *, struct watch *, struct sink *);

/* Controls of a launched program: CONTROL_SEND, CONTROL_RESIZE; CONTROL_END asks it to end (SIGHUP);
 * CONTROL_RELEASE lets it live on without us. */
int live_program_control(struct live_program *, enum control, const struct control_arg *, struct err *);
/* Kills it if it has not ended a grace period after CONTROL_END. */
void live_program_kill_when_due(struct live_program *, uint64_t now_ns);
/* When that is (CLOCK_MONOTONIC); UINT64_MAX: it need not be killed. */
uint64_t live_program_kill_ns(const struct live_program *);
/* It cannot be watched: makes live_program_fini kill it at once. */
void live_program_give_up(struct live_program *);

/* For a launched one: the next process that it forked (tracer_born), and its pid; NULL: none. */
struct tracer *live_program_take_birth(struct live_program *, int32_t *pid);
/* Gives a process that was found in another way the tracer that holds it. False: it already has one. */
bool live_program_adopt(struct live_program *, struct tracer *);
/* Controls of one that has ended but has living children: CONTROL_SEND to its terminal; CONTROL_RELEASE,
 * which leaves the terminal to `heir`, one of them. */
int live_program_control_orphans(struct live_program *, enum control, const struct control_arg *,
				 int32_t heir, struct err *);

#endif
