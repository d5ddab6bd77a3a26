/* Which functions brought in how many pages. */
#ifndef UI_VIEW_TAB_FUNCTIONS_H
#define UI_VIEW_TAB_FUNCTIONS_H

#include "render/profile_rows.h"
#include "ui/view/view.h"

struct functions_tab {
	struct profile_rows rows;
	enum profile_by by;
	int at, top; /* selected and first line */
};

/* The tab itself, for the command that presses its key. */
struct tab *tab_functions_in(const struct tabs *);
/* Its state, which the function below changes; for it, and for tests. */
struct functions_tab *tab_functions_state(const struct view *);

/* Counts faults by "innermost" function, by "own" code or by all "callers"; "": by the next of these. Shows the
 * tab. False: there is no such way. */
bool tab_functions_count_by(struct view *, const char *name);

#endif
