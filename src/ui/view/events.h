/* The events panel's lines: those of the process's faults and calls that fit the view's filter, or
 * that happened to the page under the cursor; which of them is selected, and where the list begins. */
#ifndef UI_VIEW_EVENTS_H
#define UI_VIEW_EVENTS_H

#include "model/event_index.h"
#include "ui/view/view.h"

/* Looks at no more than `most` events; `rows` is how many lines there is room for. Where none is
 * selected (view.events_held is false) the newest one is. */
void events_update(struct event_index *, const struct process *, struct view *, int rows, size_t most);
/* Moves the selection by lines; at the last one it follows again. */
void events_move(const struct event_index *, struct view *, int64_t lines, int rows);
/* The selected event. */
bool events_selected(const struct event_index *, const struct view *, struct view_event *);

#endif
