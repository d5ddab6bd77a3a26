/* Characters that are drawn as shapes instead of with a font: blocks, lines and the glyphs of states look the
 * same with every font, and fit together without seams. */
#ifndef DRAW_SHAPE_H
#define DRAW_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "draw/drawing.h"

/* The outline of a glyph, in units of the cell's width from its middle. */
struct shape_outline {
	const double *corners; /* of a polygon: x and y by turns; a hole runs in the opposite direction */
	size_t count;          /* how many; 0: it is round */
	double radius, line;   /* round: a disc, or, if `line` is not 0, a ring with a line of that width */
};
/* Fills it in; false if the character is no such glyph (a block, a line, text). */
bool shape_outline(struct shape_outline *, uint32_t ch);

/* Draws the character into a cell of this size; false if it is none of these. */
bool shape_draw(struct drawing *, uint32_t ch, double x, double y, double width, double height, uint32_t rgb);

#endif
