/* Characters that are drawn and not written: blocks, lines and the glyphs of states look the same with every
 * font, and fit together without seams. */
#ifndef DRAW_SHAPE_H
#define DRAW_SHAPE_H

#include <stdbool.h>
#include <stdint.h>

#include "draw/drawing.h"

/* Draws the character into a cell of this size; false where it is none of these. */
bool shape_draw(struct drawing *, uint32_t ch, double x, double y, double width, double height, uint32_t rgb);

#endif
