/* Figures of pages: how many pages of a place have a state or a flag. */
#ifndef EXPECT_FIGURE_PAGES_H
#define EXPECT_FIGURE_PAGES_H

#include "expect/facts.h"
#include "expect/figure.h"

/* FIGURE_STATE_COUNT to FIGURE_SIZE; detail: of the term. */
struct expect_value figure_count_pages(const struct figure *, unsigned detail, const struct expect_where *);
/* FIGURE_STATE, FIGURE_KIND, and figures of a place's region: FIGURE_OFFSET to FIGURE_NAME. */
struct expect_value figure_of_region(const struct figure *, const struct expect_where *);

#endif
