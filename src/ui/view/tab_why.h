/* The verdict: what the memory of the process is made of, who owns it, who made it grow. */
#ifndef UI_VIEW_TAB_WHY_H
#define UI_VIEW_TAB_WHY_H

#include "ui/view/tabs.h"

extern const struct view_ops tab_why;

#endif
