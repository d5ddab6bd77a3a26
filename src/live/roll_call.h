/* Watches the processes of a roster (kern/roster.h): those that are there at first, and those that come later,
 * looked for every second, or less often if that would cost more than one part in a hundred of the time. */
#ifndef LIVE_ROLL_CALL_H
#define LIVE_ROLL_CALL_H

#include "kern/roster.h"
#include "live/members.h"

/* Who wants to know which processes could not be watched at first, and why. Those that there is no room for
 * are reported once, as pid 0. */
struct roll_call_report {
	void (*left_out)(void *context, int32_t pid, const struct err *); /* NULL: nobody */
	void *context;
};

/* All zero: there is no roster. */
struct roll_call {
	struct roster *roster; /* owned; NULL: there is none, and roll_call_take does nothing */
	bool keep_refused;     /* who was refused may not be in the roster: do not forget those who left it */
	uint64_t due_ns;       /* CLOCK_MONOTONIC: when to look for more */
	struct task_list present;
};
/* The roster (NULL: there is none) becomes its own. `keep_refused`: processes that are not in the roster can have been
 * refused, too. */
void roll_call_init(struct roll_call *, struct roster *, bool keep_refused);
void roll_call_fini(struct roll_call *);
/* Is there a roster? */
bool roll_call_is_on(const struct roll_call *);
/* When to call roll_call_take again, CLOCK_MONOTONIC; UINT64_MAX: there is no roster. */
uint64_t roll_call_due_ns(const struct roll_call *);

/* Takes in those that are there. -1 if none is watched then: ERR_NOT_FOUND (there is no such process), ERR_DENIED
 * (none may be read), or the errors of roster_list. */
int roll_call_begin(struct roll_call *, struct members *, const struct roll_call_report *, struct err *);
/* Takes in those that have come, if it is time to look. */
void roll_call_take(struct roll_call *, struct members *, struct sink *);

#endif
