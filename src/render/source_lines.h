/* Source text around a place in it, its line marked. */
#ifndef RENDER_SOURCE_LINES_H
#define RENDER_SOURCE_LINES_H

#include "model/names.h"
#include "render/canvas.h"

/* Draws at most `around` lines before and behind, from a row and a column on, those of which the text is
 * known. Returns the row behind. */
int source_lines_draw(struct area, int row, int column, const struct names *, const struct code_frame *at,
		      uint32_t around);

#endif
