/* Which faults made the stack grow: those that touched a page below everything that it had reached before. A
 * separate part, because all its state follows from events, so that it can be tested with made-up events.
 *
 * The list of regions alone does not show this. It is read only now and then, and for a stopped process
 * before the last faults are sent: by then the stack has already grown. A fault's time can be later than that
 * of a reading which shows its effect (TOUCHES_LATE_NS). So only faults well after a reading are compared
 * with that reading, earlier ones with what previous faults have shown. */
#ifndef LIVE_STACK_GROWTH_H
#define LIVE_STACK_GROWTH_H

#include "event/event.h"

struct stack_growth {
	/* the lowest address that the stack had by the last fault that was sent; 0: not known */
	uint64_t start;
	uint64_t seen;    /* the same by the regions when they were last read */
	uint64_t seen_ns; /* faults well after that are compared with it */
};

/* Takes what events say about the stack's region. */
void stack_growth_note(struct stack_growth *, const struct event *);
/* A fault in the stack's region, in order of time (the watch's): did it make the stack grow down
 * to the beginning of its page? */
bool stack_growth_by(struct stack_growth *, uint64_t page_start, uint64_t time_ns);

#endif
