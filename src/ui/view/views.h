/* The table of tabs: the one place that lists them. */
#ifndef UI_VIEW_VIEWS_H
#define UI_VIEW_VIEWS_H

#include "ui/view/tabs.h"

/* NULL-terminated, in the order in which they stand in the line of tabs. */
extern const struct view_ops *const views[];

#endif
