/* A lecture on the terminal, whatever its slides come from. */
#ifndef CMD_LESSON_SCREEN_H
#define CMD_LESSON_SCREEN_H

#include "cmd/options.h"

struct lecture_driver;
struct lecture_keeper;
struct lecture_plan;
struct lecture_position;

/* Gives the lecture; `left` is where it was left, NULL: from its beginning. The driver and all else are the caller's.
 * Returns the exit status, or -1 with err; *ended_by: the signal that ended it, for loop_die_of. */
int lesson_on_screen(const struct lecture_driver *, const struct lecture_plan *, struct lecture_keeper *,
		     const struct lecture_position *left, const struct options *, int *ended_by,
		     struct err *);

#endif
