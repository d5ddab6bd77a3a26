/* Where each page is drawn: bands of rows, one for each region.
 *
 *   row 0   0x55d2c0a4f000  demo                 a heading: begins a group of regions
 *   row 1   rodata ■■                            of one file (or one lone region)
 *   row 2   text   ■■■··
 *   row 3   ⋯ gap 13.2T                          a gap
 *   row 4   0x7f1200000000  anon rw-p 8.0M
 *   row 5   anon   ················              a band, with rows held in reserve
 *   row 6                                        so that it can grow in its place
 *
 * A band belongs to a region's identity and keeps its rows when the region grows within its reserve, shrinks,
 * or dies (a ghost, until it is buried): a change in one region does not move the others as long as the
 * reserve lasts. A cell holds 2^zoom pages and begins at a multiple of that; a band's first cell holds the
 * region's first page at the time when the band is made. A stack grows down: its last page has the last cell,
 * with the reserve before it. A region that outgrows its band gets more rows, above or below, and its pages
 * keep their columns.
 *
 * Rows are 64-bit: a terabyte at one page a cell has millions of them, but only the bands are stored. */
#ifndef RENDER_LAYOUT_H
#define RENDER_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/space.h"
#include "render/region_rows.h"

enum layout_row_kind { LAYOUT_ROW_NONE, LAYOUT_ROW_HEADING, LAYOUT_ROW_CELLS, LAYOUT_ROW_GAP };

struct band {
	uint64_t id; /* the region's */
	bool ghost;
	bool heading; /* a heading row is above */
	bool gap; /* a gap row is above (and above the heading): no region lies directly before this one */
	uint64_t gap_pages;
	uint64_t first_cell; /* the first cell's first page, a multiple of 2^zoom */
	uint64_t first, end; /* the region's pages */
	int64_t row;         /* its first row: gap, heading or cells */
	int64_t cells_row;   /* its first row of cells */
	int64_t rows;        /* rows of cells, with those in reserve */
};

struct layout {
	struct band *bands; /* by row */
	size_t count, cap;
	int columns; /* cells a row */
	int zoom;
	int64_t rows; /* of all */
	/* what it was made from */
	const struct space *space;
	uint64_t generation; /* the space's region_generation */
	int32_t pid;
	struct region_filter filter;
};

/* Makes an empty layout. */
void layout_init(struct layout *);
void layout_fini(struct layout *);
/* Brings it up to date with process `pid`'s space; bands keep their place where they can. A change of
 * columns, zoom or filter lays everything out again. Returns whether anything moved. */
bool layout_update(struct layout *, const struct space *, int32_t pid, const struct region_filter *, int zoom,
		   int columns);

/* What a row shows. For LAYOUT_ROW_CELLS *index is the row's number within the band. */
enum layout_row_kind layout_row(const struct layout *, int64_t row, const struct band **band, int64_t *index);
/* The pages of a row of cells, clipped to the region; false if it holds none, being in reserve. */
bool layout_row_pages(const struct layout *, const struct band *, int64_t index, uint64_t *first,
		      uint64_t *end);
/* The pages of a cell, clipped to the region; false if there are none. */
bool layout_cell(const struct layout *, int64_t row, int column, uint64_t *first, uint64_t *end);
/* The cell that shows a page; false if no band holds it. */
bool layout_find(const struct layout *, uint64_t page, int64_t *row, int *column);
/* The smallest zoom at which the whole space takes at most `rows` rows, or else the largest useful zoom. */
int layout_zoom_to_fit(const struct space *, const struct region_filter *, int columns, int64_t rows);

#endif
