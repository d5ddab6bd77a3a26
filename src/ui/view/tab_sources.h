/* Where each figure comes from, what is denied and why. */
#ifndef UI_VIEW_TAB_SOURCES_H
#define UI_VIEW_TAB_SOURCES_H

#include "ui/view/tabs.h"

extern const struct view_ops tab_sources;

#endif
