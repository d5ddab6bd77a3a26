/* Runs a lesson's program from mark to mark: a controller above a live source.
 *
 *     lesson_run_create   the program is stopped before its first instruction
 *     lesson_run_go       it goes on to the next step
 *     lesson_run_tick     after each step of the source: is it there?
 *
 * The stops are the source's own (CONTROL_STEP with STEP_CODE); what is watched on the way comes as events,
 * as for any watch. If several steps have the same mark, the program stays where it is. */
#ifndef LESSON_RUN_H
#define LESSON_RUN_H

#include "event/source.h"
#include "lesson/lesson_folder.h"
#include "lesson/program_facts.h"

struct lesson_run;

enum lesson_run_state {
	LESSON_RUN_THERE, /* at the step: everything is read */
	LESSON_RUN_ON_ITS_WAY,
	LESSON_RUN_LOST, /* it will not get there: the error says why */
};

/* The source must watch the program from its first instruction on, paused. All arguments stay the caller's,
 * and must live longer. The source's events must go to lesson_run_sink. NULL with err: a mark's line has no
 * code. */
struct lesson_run *lesson_run_create(const struct lesson_folder *, int32_t pid, struct source *,
				     struct world *, struct err *);
void lesson_run_destroy(struct lesson_run *); /* NULL is fine */
/* Sends the lesson's texts, before the program runs. */
void lesson_run_begin(const struct lesson_run *, struct sink *);
/* Stops by single steps from now on, not by debug registers (see enum step_kind). */
void lesson_run_single_steps(struct lesson_run *);
struct sink *lesson_run_sink(struct lesson_run *);

/* The number of the step that it is at, or on its way to. */
size_t lesson_run_step(const struct lesson_run *);
/* Goes to the next step; before the first call it is at none. False: there is no other. */
bool lesson_run_go(struct lesson_run *);
/* After each step of the source, once after lesson_run_go, and once when all processes have ended. `sink` is
 * where the source's events go, lesson_run_sink among them. Sets err if it is lost. */
enum lesson_run_state lesson_run_tick(struct lesson_run *, struct sink *, struct err *);
/* The present facts, valid until the next event. */
const struct expect_facts *lesson_run_facts(struct lesson_run *);

#endif
