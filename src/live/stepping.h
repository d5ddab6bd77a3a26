/* Pauses and steps, as the user asks for them, and their events.
 *
 *     CONTROL_STEP    paused first, if it is not; then on to what is waited for
 *     at the stop     FAULT..., CALL..., regions that have changed, their FAULT..., STATUS (paused), what else
 *                     has changed, TICK, STOP
 *
 * so that what the stop is about is in the picture by the time STOP comes, and a call comes before what it
 * did. In slow motion each step is one fault, and the next one follows when it is due. While a step is under
 * way another one is refused; a pause ends it wherever the program is. Slow motion gives way to any step, and
 * any step to slow motion: the program goes on from where it is. */
#ifndef LIVE_STEPPING_H
#define LIVE_STEPPING_H

#include "event/source.h"
#include "live/code_names.h"
#include "live/program.h"
#include "live/schedule.h"

struct stepping {
	struct live_program *program;
	bool pause_first;     /* as soon as it is traced it stays where it is held, until it is resumed */
	uint64_t interval_ns; /* between two faults; 0: no slow motion */
	uint64_t next_ns;     /* when it goes on */
	struct control_step step;
	unsigned stops;          /* how many pauses were reported */
	struct step_calls calls; /* calls that it made, whose effects have not been read yet */
	bool exit_shown;         /* it is stopped at its end, which was sent */
	bool exit_let;           /* and was continued from there */
};

/* The program stays the caller's. */
void stepping_init(struct stepping *, struct live_program *, bool pause_first);

/* CONTROL_PAUSE, CONTROL_RESUME, CONTROL_STEP. `no_faults` says why steps to a fault are not possible; NULL:
 * they are. 0, or -1 with the errors of live_program_pause and live_program_step; ERR_SYSTEM: another step is
 * under way; ERR_UNSUPPORTED: stops at code need a program that we started. */
int stepping_pause(struct stepping *, struct err *);
void stepping_resume(struct stepping *);
int stepping_step(struct stepping *, const struct control_step *, const struct err *no_faults, struct err *);
/* The program was released: forgets its stops. */
void stepping_forget(struct stepping *);

/* Does what is due without a request: the very first pause, once a tracer holds it, even one that comes
 * after the process was found in another way; slow motion. Call it before news is taken. 1:
 * something was done; -1: the program that was to stay at its exec cannot be stopped there. */
int stepping_drive(struct stepping *, struct err *);
/* When something is due without a request, CLOCK_MONOTONIC; UINT64_MAX: nothing is. */
uint64_t stepping_due_ns(const struct stepping *);
/* Has the program stopped since the last EVENT_STOP? Then the functions below send what it did, in this
 * order: take the calls that it made; send them, before its regions are read; read the pages that they were
 * about; finally send why it stopped. */
bool stepping_stands(const struct stepping *);
bool stepping_take_calls(struct stepping *); /* false: it made none */
void stepping_send_calls(struct stepping *, struct watch *, struct code_names *, struct sink *);
void stepping_read_calls(struct stepping *, struct watch *, struct schedule *, struct sink *);
void stepping_send_stop(struct stepping *, struct watch *, struct sink *);

/* Sends once that the program is stopped right before its end. There it waits for CONTROL_RESUME, a step, or
 * the end of the watch. */
void stepping_send_exit(struct stepping *, struct watch *, struct sink *);
bool stepping_waits_at_exit(const struct stepping *);
/* Lets it end. False: it is not waiting there. */
bool stepping_let_exit(struct stepping *);
/* Was it continued from there before? */
bool stepping_has_let_exit(const struct stepping *);

#endif
