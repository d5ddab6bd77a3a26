/* Shares out the rows and columns of the screen. */
#ifndef UI_VIEW_SCREEN_PARTS_H
#define UI_VIEW_SCREEN_PARTS_H

#include "ui/view/view.h"

#define SCREEN_MIN_ROWS 12
#define SCREEN_MIN_COLUMNS 40

/* Where the panels are, for the mouse and for sizes; a panel that does not fit has 0 rows. */
struct screen_parts {
	int header_row;
	int regions_row, regions_column, regions_rows, regions_columns;
	int grid_row, grid_column, grid_rows, grid_columns; /* without the margin: the cells */
	int margin_columns;                                 /* left of the cells: the kind's name */
	int pair_column;   /* side by side: the first cell of the right one; the grid's are the left one's */
	int title_rows;    /* side by side: above the grid */
	int scroll_column; /* of the scroll bar; -1: none */
	bool
	    regions_below; /* the regions are part of the detail panel, for there is no room beside the grid */
	int detail_row, detail_rows, detail_columns;
	int place_rows; /* in it, below the tabs: the page's address and frame, on tabs without VIEW_PLACE */
	int tab_row, tab_rows; /* the shown tab: the rest of it */
	int timeline_row, timeline_rows;
	int footer_row;
};
void screen_parts(struct screen_parts *, const struct view *);

#endif
