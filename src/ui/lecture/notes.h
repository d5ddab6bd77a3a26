/* The speaker's own screen, in a second terminal: notes of the step that the audience sees, what comes next,
 * and a clock in large digits. */
#ifndef UI_LECTURE_NOTES_H
#define UI_LECTURE_NOTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "render/canvas.h"
#include "ui/terminal.h"

struct notes_page {
	const char *lesson, *title, *next, *notes; /* "" where there is none */
	size_t step, steps;                        /* from 0; 0 steps: no lecture is on */
	unsigned right, asked;
	int64_t began_s, now_s; /* seconds since 1970 */
	int skip;               /* how many rows of the notes are scrolled away */
	bool asking;            /* the next step's question is being asked */
	bool over;              /* the lecture was quit, or its process has ended */
};

/* Draws the page; if there is no lecture, says so. A small window has a small clock. Returns whether there is
 * more of the notes below. */
bool notes_draw(struct area, const struct notes_page *);

/* Until q: `read` fills the page again whenever it is asked, four times a second. As lecture_run. */
int notes_run(const struct terminal_options *, void (*read)(void *context, struct notes_page *),
	      void *context, struct err *);

#endif
