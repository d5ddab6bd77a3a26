/* The pages of a slide's places, in cells as large as fit; parent and child side by side. */
#ifndef LECTURE_PAGE_CELLS_H
#define LECTURE_PAGE_CELLS_H

#include "lecture/slide.h"
#include "render/canvas.h"

struct lecture_pages {
	const struct slide *slide;
	size_t faults_shown; /* how many faults are shown so far, one by one; SIZE_MAX: all at once */
	/* a page that is pointed at, of place `place` */
	bool pointing;
	size_t place, page;
	bool legend;   /* show a legend of the states in the last row */
	bool unsolved; /* for a worksheet: the states of pages are left blank, to be filled in */
};

void lecture_pages_draw(struct area, const struct lecture_pages *);
/* How many rows the picture takes with this many columns: with the largest cells that need at most `most`
 * rows, or else with the smallest. */
int lecture_pages_rows(const struct slide *, int columns, int most);

#endif
