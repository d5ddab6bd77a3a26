/* The loop of a lecture on the terminal: waits for keys and for the program, draws. */
#ifndef UI_LECTURE_LECTURE_RUN_H
#define UI_LECTURE_LECTURE_RUN_H

#include "ui/lecture/lecture.h"
#include "ui/terminal.h"

struct lecture_options {
	struct terminal_options terminal;
	bool asking;               /* questions are asked */
	size_t begin;              /* the step to begin with, counted from 0 */
	const char *score;         /* so far; NULL: none */
	const char *message;       /* to begin with, in the last line; NULL: none */
	const struct err *unsaved; /* why its place is not kept, once it has a code; NULL: it is kept */
};

/* Runs until the user quits: 0, or the number of the signal that asked us to end, with the terminal given
 * back. -1 with err: there is no terminal. */
int lecture_run(const struct lecture_driver *, const struct lecture_options *, struct err *);

#endif
