/* Shares out the rows and columns.
 *
 * The grid has a number of cells that is a multiple of 16 where it can be, so that
 * its rows begin at round addresses; what is left over goes to the regions panel. */
#include "ui/view/screen_parts.h"

#include "base/minmax.h"
#include "ui/view/tabs_line.h"

#define PAIR_GAP 3 /* a blank, a line, a blank */
#define PAIR_REGIONS                                                                                         \
	106 /* columns from which on two have room for the regions or the processes beside them */
#define TOTALS_COLUMNS 34 /* of the totals beside the regions, below the grid */

static void share_columns(struct screen_parts *p, int columns)
{
	int regions = columns < 72 ? 0 : clamp(columns / 3, 30, 48);
	int cells;

	p->margin_columns = columns < 100 ? 8 : 10;
	/* a separating line before; a blank and the scroll bar after */
	cells = columns - p->margin_columns - (regions ? regions + 3 : 0);
	cells -= cells % (regions ? 16 : 8);
	if (regions)
		regions = columns - cells - p->margin_columns - 3;
	p->regions.columns = regions;
	p->grid.columns = cells;
	p->grid.column = (regions ? regions + 1 : 0) + p->margin_columns;
	p->scroll_column = p->grid.column + cells < columns ? columns - 1 : -1;
	p->detail.columns = columns;
}

/* Both halves alike; their rows begin at round addresses, too. */
static void share_pair_columns(struct screen_parts *p, int columns, bool list)
{
	int regions = list && columns >= PAIR_REGIONS ? clamp(columns / 4, 26, 40) : 0;
	int cells, left = regions ? regions + 1 : 0;

	p->margin_columns = columns < 100 || regions ? 8 : 10;
	cells = (columns - left - p->margin_columns - PAIR_GAP - 2) / 2;
	cells -= cells % 8;
	if (regions) /* what is left over */
		regions = columns - p->margin_columns - 2 * cells - PAIR_GAP - 3;
	p->regions.columns = regions;
	p->grid.column = (regions ? regions + 1 : 0) + p->margin_columns;
	p->grid.columns = cells;
	p->pair_column = p->grid.column + cells + PAIR_GAP;
	p->scroll_column = columns - 1;
	p->detail.columns = columns;
}

static void share_rows(struct screen_parts *p, int rows, bool tall)
{
	int body;

	p->timeline.rows = rows >= 30 ? 2 : 1;
	p->detail.rows = tall ? clamp(rows * 2 / 3, 3, rows) : clamp(rows / 4 + 1, 3, 12);
	p->footer_row = rows - 1;
	p->timeline.row = p->footer_row - p->timeline.rows;
	p->detail.row = p->timeline.row - p->detail.rows;
	body = p->detail.row - 1;
	p->grid.row = p->regions.row = 1;
	p->grid.rows = body;
	p->regions.rows = p->regions.columns ? body : 0;
}

/* The line of tabs, then the page's address and frame where they have a row of their own. */
static void share_detail(struct screen_parts *p, const struct view *v)
{
	p->address_rows = !v->compared && tabs_line(&v->tabs, p->detail.columns).address_below;
	p->tab.row = p->detail.row + 1 + tabs_line_address_rows(&v->tabs, p->detail.columns, v->compared);
	p->tab.rows = p->detail.row + p->detail.rows - p->tab.row;
}

static void put_regions_below(struct screen_parts *p, int columns)
{
	p->regions_below = true;
	p->regions.column = columns > 2 * TOTALS_COLUMNS ? TOTALS_COLUMNS : 0;
	p->regions.columns = columns - p->regions.column;
	p->regions.row = p->detail.row + 1;
	p->regions.rows = p->detail.rows - 1;
}

void screen_parts(struct screen_parts *p, const struct view *v)
{
	*p = (struct screen_parts){ 0 };
	if (v->rows < SCREEN_MIN_ROWS || v->columns < SCREEN_MIN_COLUMNS)
		return;
	if (v->pair)
		share_pair_columns(p, v->columns, v->compared || v->processes);
	else
		share_columns(p, v->columns);
	share_rows(p, v->rows, v->tall);
	share_detail(p, v);
	if (v->compared && !p->regions.columns && tabs_shows(&v->tabs, TAB_REGIONS))
		put_regions_below(p, v->columns);
	if (v->pair) {
		p->title_rows = v->compared ? 2 : 3;
		p->grid.row += p->title_rows;
		p->grid.rows -= p->title_rows;
	}
}
