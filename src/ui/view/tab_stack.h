/* How a thread got to a fault, with source lines. */
#ifndef UI_VIEW_TAB_STACK_H
#define UI_VIEW_TAB_STACK_H

#include "ui/view/view.h"

struct stack_tab {
	struct view_event of;        /* shown; else the last fault of the cursor's page is */
	const struct view_ops *from; /* the tab that it was selected in */
};

/* The tab itself, for the command that presses its key. */
struct tab *tab_stack_in(const struct tabs *);
/* Its state, for tests. */
struct stack_tab *tab_stack_state(const struct view *);

#endif
