/* One place in two processes that are compared. */
#ifndef UI_VIEW_TAB_DIFFERENCE_H
#define UI_VIEW_TAB_DIFFERENCE_H

#include "ui/view/tabs.h"

/* Draws the tab `page` where two are compared. */
int tab_difference_draw(struct area, const struct scene *, const struct tab *);

#endif
