/* Totals of two processes that are compared. */
#ifndef UI_VIEW_TAB_CHANGES_COMPARED_H
#define UI_VIEW_TAB_CHANGES_COMPARED_H

#include "ui/view/tabs.h"

/* Draws the tab `changes` where two are compared. */
int tab_changes_draw_compared(struct area, const struct scene *, const struct tab *);

#endif
