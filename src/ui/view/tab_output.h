/* What the launched program wrote. */
#ifndef UI_VIEW_TAB_OUTPUT_H
#define UI_VIEW_TAB_OUTPUT_H

#include "ui/view/tabs.h"

extern const struct view_ops tab_output;

#endif
