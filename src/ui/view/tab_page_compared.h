/* One page in two processes that are compared. */
#ifndef UI_VIEW_TAB_PAGE_COMPARED_H
#define UI_VIEW_TAB_PAGE_COMPARED_H

#include "ui/view/tabs.h"

/* Draws the tab `page` where two are compared. */
int tab_page_draw_compared(struct area, const struct scene *, const struct tab *);

#endif
