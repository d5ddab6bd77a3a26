/* The line of tabs above the panel below the grid, and the address and the frame of the page under the
 * cursor, which stand on every tab at every size:
 *
 *   ─ 1 page ─ 2 address ─ 3 entry ─ 4 bytes ─ ... ─ h functions ──── 0x55d2c1f0b000  frame 0x115034 ─
 *    1 page 2 address 3 entry 4 bytes ... h functions ──
 *    1 page 2 addr 3 entry 4 hex ... h funcs ─
 *
 * Where there is no room for them beside the tabs they have a row of their own below. */
#ifndef UI_VIEW_TABS_LINE_H
#define UI_VIEW_TABS_LINE_H

#include <stdbool.h>

#include "render/canvas.h"
#include "render/page_facts.h"
#include "ui/view/tabs.h"

struct scene;

/* How the line is laid out; follows from the tabs and the width alone. */
struct tabs_line {
	bool brief;         /* short names */
	bool close;         /* close together, without rules between */
	int letters;        /* of each name but the shown one's; INT_MAX: all */
	bool address_below; /* address and frame have a row of their own */
};

/* Lays the line out. */
struct tabs_line tabs_line(const struct tabs *, int columns);
/* The rows that address and frame have below the line, over the shown tab: 0 or 1. `compared`: of two there is none. */
int tabs_line_address_rows(const struct tabs *, int columns, bool compared);
/* The tab whose name stands at a column of the line; NULL: none. */
struct tab *tabs_line_at(const struct tabs *, int columns, int column);
/* In row 0 of the area. */
void tabs_line_draw(struct area, const struct scene *);
/* Address and frame at the left of row 0 of the area; returns the column after them. */
int tabs_line_draw_address(struct area, const struct scene *, const struct page_facts *);
/* The same and the page's state and region. */
void tabs_line_draw_page(struct area, const struct scene *);

#endif
