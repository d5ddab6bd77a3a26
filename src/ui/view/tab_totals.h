/* Totals of two processes that are compared. */
#ifndef UI_VIEW_TAB_TOTALS_H
#define UI_VIEW_TAB_TOTALS_H

#include "ui/view/tabs.h"

/* Draws the tab `changes` where two are compared. */
int tab_totals_draw(struct area, const struct scene *, const struct tab *);

#endif
