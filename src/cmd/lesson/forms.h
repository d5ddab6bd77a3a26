/* What the subcommand lesson can do with lessons: each is a file of its own beside this one. */
#ifndef CMD_LESSON_FORMS_H
#define CMD_LESSON_FORMS_H

#include "cmd/options.h"

struct lecture_position;

/* All of these take lessons by name, or recordings by path, one or several (NULL-terminated), and give the exit
 * status, or -1 with err. *ended_by: the signal that ended it, for loop_die_of. */

/* lesson --check */
int lesson_check(char *const *parts, const struct options *, int *ended_by, struct err *);
/* Without a screen. */
int lesson_print(char *const *parts, const struct options *, int *ended_by, struct err *);
/* On the terminal; `left` is where it was left, NULL: from its beginning. */
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
