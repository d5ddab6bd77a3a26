/* The steps that the user asks for: the one under way, those that wait for it, slow motion. */
#ifndef UI_STEPS_H
#define UI_STEPS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/world.h"

/* A step requested by a key. The cursor's place counts at the time when the step begins. */
enum steps_what { STEPS_TO_FAULT, STEPS_TO_CALL, STEPS_IN_REGION, STEPS_ON_PAGE };
struct steps_wish {
	enum steps_what what;
	uint64_t count;
};

#define STEPS_WAITING_MAX 64

/* All zero to begin with. */
struct steps {
	bool under_way; /* a step was requested, and has not reached its stop yet */
	int32_t pid;
	unsigned stops; /* stop.count at the request */
	struct steps_wish wishes[STEPS_WAITING_MAX];
	unsigned count;      /* that wait */
	unsigned seen_stops; /* stop.count */
	bool go_to_stops;    /* the user is stepping: the cursor goes where the program stops */
	unsigned slow;       /* faults a second of slow motion; 0: off */
	int32_t slow_pid;    /* whose */
	/* pages where a step was asked for, but nothing may stop it; asked for again, it is done */
	uint64_t warned_first, warned_end;
};

/* Notes that a step was requested when stop.count of the process was `stops`; or slow motion, if `per_second`
 * is not 0. */
void steps_begin(struct steps *, int32_t pid, unsigned stops, unsigned per_second);
/* Is this process on its way to a stop, or will it be? */
bool steps_pending(const struct steps *, const struct process *);
/* Has it not reached its stop yet? */
bool steps_on_the_way(const struct steps *, const struct process *);
/* Queues a step; false: too many are waiting already. */
bool steps_wait(struct steps *, struct steps_wish);
/* Takes the first queued step. There must be one. */
struct steps_wish steps_take(struct steps *);
/* Empties the queue. */
void steps_forget(struct steps *);
/* Is this process in slow motion? */
bool steps_slow(const struct steps *, int32_t pid);

#endif
