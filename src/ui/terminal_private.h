/* What the files of the terminal share; nobody else includes this, or curses. */
#ifndef UI_TERMINAL_PRIVATE_H
#define UI_TERMINAL_PRIVATE_H

#include <curses.h>

#include "ui/terminal.h"

/* How a cell of an ink on a paper looks here. */
struct look {
	attr_t attr;
	int pair;
};

struct terminal {
	SCREEN *screen;
	bool ascii;
	bool colour; /* may be used */
	bool mono;   /* none is seen, with this theme */
	int rows, columns;
	struct look looks[INK_COUNT][PAPER_COUNT];
	struct cell *last; /* what the terminal shows */
	int last_rows, last_columns;
	int cursor_row, cursor_column; /* -1: hidden */
	bool repaint;
	int signal; /* that asked us to end */
	bool gone;
	struct mouse mouse;
	bool has_mouse;
	uint64_t press_ns; /* of the last press, for double clicks */
};

/* -1 and what to do where no screen can be shown (terminal_check.c). */
int terminal_check(struct err *);
/* terminal_rescue.c: keep the modes of before; make ready for an emergency once curses
 * has begun; set the modes of before once it has ended. */
void terminal_rescue_save(void);
void terminal_rescue_prepare(bool mouse);
void terminal_rescue_done(void);
/* Colour pairs and attributes for a theme (terminal_draw.c). */
void terminal_make_looks(struct terminal *, const struct theme *);
/* The window's size as it is now. */
void terminal_resize(struct terminal *);

#endif
