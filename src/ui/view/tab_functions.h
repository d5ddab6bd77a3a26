/* Which functions brought in how many pages. */
#ifndef UI_VIEW_TAB_FUNCTIONS_H
#define UI_VIEW_TAB_FUNCTIONS_H

#include "render/profile_rows.h"
#include "ui/view/view.h"

struct functions_tab {
	struct profile_rows rows;
	bool callers; /* each function that was on the stack counts, not just the innermost */
	int at, top;  /* selected and first line */
};

extern const struct view_ops tab_functions;

struct functions_tab *tab_functions_state(const struct view *);

/* Counts each fault for all functions on its stack, or for the innermost one alone; shows the tab. */
void tab_functions_toggle_callers(struct view *);

#endif
