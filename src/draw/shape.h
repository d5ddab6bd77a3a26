/* Characters that are drawn and not written: blocks, lines and the glyphs of states look the same with every
 * font, and fit together without seams. */
#ifndef DRAW_SHAPE_H
#define DRAW_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "draw/drawing.h"

/* The outline of a glyph, in units of the cell's width from its middle. */
struct shape_outline {
	const double *corners; /* of a surface: x and y by turns; its parts go round in opposite directions */
	size_t count;          /* how many; 0: it is round */
	double radius, line;   /* round: a disc, or, if line is not 0, a ring with a line so wide */
};
/* False: the character is no such glyph (a block, a line, text). */
bool shape_outline(struct shape_outline *, uint32_t ch);

/* Draws the character into a cell of this size; false where it is none of these. */
bool shape_draw(struct drawing *, uint32_t ch, double x, double y, double width, double height, uint32_t rgb);

#endif
