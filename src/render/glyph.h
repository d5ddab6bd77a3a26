/* How a state looks in one cell: a glyph and an ink, so that neither is alone. */
#ifndef RENDER_GLYPH_H
#define RENDER_GLYPH_H

#include <stdbool.h>
#include <stdint.h>

#include "event/source.h"
#include "event/page.h"

/* One page. */
uint32_t glyph_page(enum page_state, int ascii);

/* A cell by its census. One that stands for one page (`zoomed` is false), or has but one, looks like it. One that stands
 * for many has the ink of the state that most of its touched pages have (all but reserved and cached):
 * where that is a resident one, the glyph is a block that grows by eighths with what is resident, never
 * empty, and a full cell only when all is; else that state's own glyph. A state that is rare but matters
 * (copy, swap, guard, unknown) and not the one shown is marked: underlined. In ASCII a letter shows the
 * state: capital when all is resident, small when part is. With `mono` shapes do: large from one half
 * on, small below. */
#define GLYPH_FULL 0x2588 /* all of a cell of many pages is resident */
struct glyph {
	uint32_t ch;
	uint8_t ink;
	uint8_t style;
};
struct glyph glyph_cell(const uint64_t counts[static PAGE_STATES], bool zoomed, int ascii, int mono);

/* A page that two processes have in common: one frame, or (COMMON_MAYBE) each shares it with
 * someone. Other values: the page's own glyph. */
uint32_t glyph_common(enum page_common, int ascii);

/* Between two that were compared, beside a row of pages of which some differ, really or by chance. */
uint32_t glyph_differs(int real, int ascii);

/* A bar of `columns` cells, `part` of `whole` full, in halves of a cell: the i-th cell's
 * glyph. Anything at all is seen, and only what is full looks full. */
uint32_t glyph_bar(uint64_t part, uint64_t whole, int columns, int i, int ascii);
/* The glyph of a sparkline for value of max: 0 shows blank, anything above at least the lowest step. */
uint32_t glyph_spark(uint64_t value, uint64_t max, int ascii);

#endif
