/* A page of a slide that is pointed at. */
#ifndef UI_LECTURE_POINTER_H
#define UI_LECTURE_POINTER_H

#include "lecture/slide.h"

struct pointer {
	size_t place, page;
};

/* The place, if it has pages; else NULL, also if there is no slide. */
const struct slide_place *pointer_place(const struct pointer *, const struct slide *);
/* An arrow points at the page to the left, right, above, below; past the edge, at the neighbouring place.
 * False: it is no arrow. */
bool pointer_key(struct pointer *, const struct slide *, uint32_t key);
/* To the next place that has pages; after the last comes the first again. */
void pointer_next_place(struct pointer *, const struct slide *);

#endif
