/* The page table entry's bits. */
#ifndef UI_VIEW_TAB_ENTRY_H
#define UI_VIEW_TAB_ENTRY_H

#include "ui/view/tabs.h"

extern const struct view_ops tab_entry;

#endif
