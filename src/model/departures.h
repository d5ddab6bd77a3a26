/* Pages that go: they were there, or swapped out, and the process no longer has them. The reason, as far
 * as events show it: the call, if calls are traced; the end of the region; otherwise what the page itself
 * shows.
 *
 * What goes with an exec, or with the process, is not counted. */
#ifndef MODEL_DEPARTURES_H
#define MODEL_DEPARTURES_H

#include "event/event.h"
#include "model/calls.h"
#include "model/space.h"

/* "call", "unmap": as in JSON, never translated. */
const char *left_reason_name(enum left_reason);
/* What it means, one translated line. */
const char *left_reason_text(enum left_reason);
/* "seen", "deduced", or "" if it is not known; as in JSON, never translated. */
const char *left_reason_from(enum left_reason);

/* Calls `take` for each range of pages that goes with an event, in order. To be called before the process
 * takes the event. Only events about pages and regions have such ranges. */
void departures_each(const struct space *, const struct calls *, const struct event *,
		     void (*take)(void *context, const struct event_left *), void *context);

#define DEPARTURES_MAX 512

struct departure {
	uint64_t time_ns;
	struct event_left left;
	uint64_t after_faults; /* how many faults came before: its place among them */
};

/* The last DEPARTURES_MAX. */
struct departures {
	struct departure *entries; /* DEPARTURES_MAX, or NULL */
	uint64_t begin, end;       /* [begin, end) are kept, each at its number % DEPARTURES_MAX */
};

/* Adds pages that went at a time since the watch began, after `after_faults` faults in all. */
void departures_add(struct departures *, uint64_t time_ns, const struct event_left *, uint64_t after_faults);
/* The departure with this number; NULL if it is not kept. */
const struct departure *departures_at(const struct departures *, uint64_t number);
/* The last one of a page, not after a time; NULL if none is kept. */
const struct departure *departures_find(const struct departures *, uint64_t page, uint64_t until_ns);
/* Renumbers those that are kept, so that the next one gets this number. */
void departures_number(struct departures *, uint64_t next);
struct departures departures_copy(const struct departures *); /* a deep copy */
void departures_fini(struct departures *);                    /* it can be used again */

#endif
