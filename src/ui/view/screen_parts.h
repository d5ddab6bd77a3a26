/* Shares out the rows and columns of the screen. */
#ifndef UI_VIEW_SCREEN_PARTS_H
#define UI_VIEW_SCREEN_PARTS_H

#include "ui/view/view.h"

#define SCREEN_MIN_ROWS 12
#define SCREEN_MIN_COLUMNS 40

struct screen_part {
	int row, column, rows, columns;
};

/* Where the panels are, for the mouse and for sizes; a panel that does not fit has 0 rows. */
struct screen_parts {
	int header_row, footer_row;
	struct screen_part regions;
	bool regions_below;      /* they are in the detail panel, because there is no room beside the grid */
	struct screen_part grid; /* without the margin: the cells */
	int margin_columns;      /* left of the cells: the kind's name */
	int scroll_column;       /* of the scroll bar; -1: none */
	int pair_column; /* side by side: the first cell of the right one; the grid's are the left one's */
	int title_rows;  /* side by side: above the grid */
	struct screen_part detail;
	int address_rows; /* in it, below the tabs: the page's address and frame, on tabs without TAB_HAS_ADDRESS */
	struct screen_part tab; /* the shown tab: the rest of it */
	struct screen_part timeline;
};
void screen_parts(struct screen_parts *, const struct view *);

#endif
