/* Two snapshots and what differs. */
#ifndef UI_VIEW_TAB_CHANGES_H
#define UI_VIEW_TAB_CHANGES_H

#include "ui/view/tabs.h"

extern const struct view_ops tab_changes;

#endif
