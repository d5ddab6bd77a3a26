/* The steps that the user asks for: the one under way, those that wait for it, slow motion. */
#ifndef UI_STEPS_H
#define UI_STEPS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/world.h"

/* A step as a key asks for it. Where the cursor is then counts when its turn comes. */
enum steps_what { STEPS_TO_FAULT, STEPS_TO_CALL, STEPS_IN_REGION, STEPS_ON_PAGE };
struct steps_wish {
	enum steps_what what;
	uint64_t count;
};

#define STEPS_WAITING_MAX 64

/* All zero to begin with. */
struct steps {
	bool under_way; /* one was asked for, and has not come to its stop yet */
	int32_t pid;
	unsigned stops; /* stop.count when it was asked for */
	struct steps_wish wishes[STEPS_WAITING_MAX];
	unsigned count;      /* that wait */
	unsigned seen_stops; /* stop.count */
	bool go_to_stops;    /* the user steps: the cursor goes where the program stands */
	unsigned slow;       /* faults a second of slow motion; 0: none is asked for */
	int32_t slow_pid;    /* whose */
};

/* A step was asked for when stop.count of the process was `stops`; or slow motion, where
 * `per_second` is not 0. */
void steps_begin(struct steps *, int32_t pid, unsigned stops, unsigned per_second);
/* Is this process on its way to a stop, or will it be? */
bool steps_pending(const struct steps *, const struct process *);
/* Has it not come to its stop yet? */
bool steps_on_the_way(const struct steps *, const struct process *);
/* Another one waits; false: too many do already. */
bool steps_wait(struct steps *, struct steps_wish);
/* Takes the first of those that wait. There must be one. */
struct steps_wish steps_take(struct steps *);
/* None waits any more. */
void steps_forget(struct steps *);
/* Is this process in slow motion? */
bool steps_slow(const struct steps *, int32_t pid);

#endif
