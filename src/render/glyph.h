/* How a state looks in one cell: a glyph and an ink, so that neither is alone. */
#ifndef RENDER_GLYPH_H
#define RENDER_GLYPH_H

#include <stdint.h>

#include "model/page.h"

/* One page. */
uint32_t glyph_page(enum page_state, int ascii);

/* A cell of many pages by its census: a cell of one state only looks like a page of
 * it; a mixed one shows how full it is (1/8 steps, never empty when a page is
 * resident) in the ink of the dominant state that is not reserved. A state that is
 * rare but matters (swap, copy, unknown, guard) shows through: *mark is set. */
struct glyph {
	uint32_t ch;
	uint8_t ink;
	uint8_t style;
};
struct glyph glyph_cell(const uint64_t counts[static PAGE_STATES], int ascii);

/* A bar of `columns` cells, `part` of `whole` full, in eighths: the i-th cell's glyph. */
uint32_t glyph_bar(uint64_t part, uint64_t whole, int columns, int i, int ascii);
/* The glyph of a sparkline for value of max: 0 shows blank, anything above at least the lowest step. */
uint32_t glyph_spark(uint64_t value, uint64_t max, int ascii);

#endif
