/* How a state looks in one cell: a glyph and an ink, so that neither is alone. */
#ifndef RENDER_GLYPH_H
#define RENDER_GLYPH_H

#include <stdbool.h>
#include <stdint.h>

#include "event/source.h"
#include "event/page.h"

/* One page. */
uint32_t glyph_page(enum page_state, int ascii);

/* A cell by its census. A cell that stands for one page (`zoomed` is false), or has only one, looks like that
 * page. A cell that stands for many has the ink of the most frequent state among its touched pages (all but
 * reserved and cached). If that state is resident, the glyph is a block that grows by eighths with the
 * resident share, never empty, and full only if all pages are resident; else it is that state's own glyph. A
 * rare but important state (copy, swap, guard, unknown) that is not the one shown is marked by an underline.
 * In ASCII a letter shows the state: a capital if all is resident, a small letter if part is. With `mono`,
 * shapes do: large from one half on, small below. */
#define GLYPH_FULL 0x2588 /* all of a cell of many pages is resident */
struct glyph {
	uint32_t ch;
	uint8_t ink;
	uint8_t style;
};
struct glyph glyph_cell(const uint64_t counts[static PAGE_STATES], bool zoomed, int ascii, int mono);

/* A page that two processes share: one frame, or (PAGE_COMMON_MAYBE) each shares its frame with somebody. Other
 * values: the page's own glyph. */
uint32_t glyph_common(enum page_common, int ascii);

/* Between two processes that were compared, beside a row with pages that differ, really or by chance. */
uint32_t glyph_differs(int real, int ascii);

/* A bar of `columns` cells, `part` of `whole` full, in halves of a cell: the i-th cell's glyph. Any part
 * above 0 is visible, and only a full bar looks full. */
uint32_t glyph_bar(uint64_t part, uint64_t whole, int columns, int i, int ascii);
/* The glyph of a sparkline for `value` of `max`: blank for 0, at least the lowest step for anything above. */
uint32_t glyph_spark(uint64_t value, uint64_t max, int ascii);

#endif
