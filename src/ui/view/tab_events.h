/* Faults and calls, one after the other. */
#ifndef UI_VIEW_TAB_EVENTS_H
#define UI_VIEW_TAB_EVENTS_H

#include "model/event_index.h"
#include "ui/view/view.h"

#define TAB_EVENTS_FILTER_TEXT 256

struct events_tab {
	struct event_index index;            /* of those that fit the filter */
	char filter[TAB_EVENTS_FILTER_TEXT]; /* see model/event_filter.h */
	bool biography;                      /* only events of the page under the cursor; no filter then */
	bool held;                           /* a line is selected; else the newest is, whatever it is */
	int64_t at;                          /* selected position, see model/event_index.h ... */
	uint64_t order;                      /* ... and the order of its event, by which it is found again */
	int64_t top;                         /* position of the first line */
};

/* The tab itself, for the command that presses its key. */
struct tab *tab_events_in(const struct tabs *);
/* Its state, which the functions below change; for them, and for tests. */
struct events_tab *tab_events_state(const struct view *);

/* Shows the events that match a filter, "" for all; complains about a bad one. */
void tab_events_show(struct view *, const char *filter);
/* Only the events of the cursor's page, or all again. */
void tab_events_toggle_biography(struct view *);

#endif
