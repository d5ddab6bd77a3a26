/* The page under the cursor in plain words. */
#ifndef UI_VIEW_TAB_PAGE_H
#define UI_VIEW_TAB_PAGE_H

#include "ui/view/tabs.h"

extern const struct view_ops tab_page;

#endif
