/* A program that runs past marks: at each it stops for a moment, everything is read, and EVENT_MARK is sent;
 * likewise when it is about to end, as the mark "end". Each mark counts once. */
#ifndef LESSON_MARKED_RUN_H
#define LESSON_MARKED_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "event/source.h"
#include "lesson/program_facts.h"
#include "model/world.h"

struct marked_run;

/* The source watches the program from its first instruction on, and pauses it there and at its end. All
 * stay the caller's. */
struct marked_run *marked_run_create(int32_t pid, struct source *, struct world *, struct program_facts *);
void marked_run_destroy(struct marked_run *); /* NULL is fine */
/* Stops by single steps, not by debug registers (see enum step_kind). */
void marked_run_single_steps(struct marked_run *);
/* Finds the mark, and will stop there. 0, or -1 with ERR_NOT_FOUND; ERR_INPUT: there are too many. */
int marked_run_want(struct marked_run *, const char *mark, struct err *);

/* The sink that must get the source's events, too. */
struct sink *marked_run_sink(struct marked_run *);
/* After each step of the source: deals with stops. `sink` is where its events go; `at_end` is called when
 * the program is about to end. 0, or -1 with err: it cannot go on. */
int marked_run_tick(struct marked_run *, struct sink *, void (*at_end)(void *context), void *context,
		    struct err *);

#endif
