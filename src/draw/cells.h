/* Draws a canvas of cells (render/canvas.h), what the screen shows, in the colours of a theme. */
#ifndef DRAW_CELLS_H
#define DRAW_CELLS_H

#include <stdio.h>

#include "base/err.h"
#include "draw/drawing.h"
#include "render/canvas.h"
#include "render/theme.h"

/* A cell is 10 points wide. */
#define CELL_WIDTH 10.0
#define CELL_HEIGHT 20.0

/* Draws the cells with their upper left corner at x, y; they take columns * CELL_WIDTH by
 * rows * CELL_HEIGHT. */
void cells_draw(struct drawing *, double x, double y, const struct canvas *, const struct theme *);
/* The canvas alone, whole, with a margin around, as a file of its own. `title` as for drawing_create.
 * Returns 0, or -1 with err. */
int cells_write(FILE *out, enum draw_format, const struct canvas *, const struct theme *, const char *title,
		struct err *);

#endif
