/* The forms of the subcommand `lesson`, each in its own file in this folder. */
#ifndef CMD_LESSON_FORMS_H
#define CMD_LESSON_FORMS_H

#include "cmd/options.h"

struct lecture_position;

/* All take lessons by name, or recordings by path, one or several (NULL-terminated), and return the exit
 * status, or -1 with err. *ended_by is set to the signal that ended it, for loop_die_of. */

/* lesson --check */
int lesson_check(char *const *parts, const struct options *, int *ended_by, struct err *);
/* lesson, without a screen */
int lesson_print(char *const *parts, const struct options *, int *ended_by, struct err *);
/* lesson, on the terminal; `left` is the position to resume at; NULL: the beginning */
int lesson_play(char *const *names, const struct lecture_position *left, const struct options *,
		int *ended_by, struct err *);
int lesson_play_recorded(char *const *paths, const struct lecture_position *left, const struct options *,
			 int *ended_by, struct err *);
/* lesson --handout */
int lesson_write_handout(char *const *parts, const struct options *, int *ended_by, struct err *);

/* lesson --notes, beside a lecture; --new */
int lesson_notes(const struct options *, int *ended_by, struct err *);
int lesson_write_new(const char *path, struct err *);

#endif
