/* The pages of a slide's places, in cells as large as fit; parent and child side by side. */
#ifndef LECTURE_PAGE_CELLS_H
#define LECTURE_PAGE_CELLS_H

#include "lecture/slide.h"
#include "render/canvas.h"

struct lecture_pages {
	const struct slide *slide;
	size_t faults_shown; /* faults are shown one by one, so many; SIZE_MAX: they are not */
	/* a page that is pointed at, of place `place` */
	bool pointing;
	size_t place, page;
	bool legend;   /* in the last row, the states that cells show */
	bool unsolved; /* for a worksheet: how the pages are is left to be filled in */
};

void lecture_pages_draw(struct area, const struct lecture_pages *);
/* Rows that the picture takes with this many columns: with the largest cells that need at most `most`, or with the smallest. */
int lecture_pages_rows(const struct slide *, int columns, int most);

#endif
