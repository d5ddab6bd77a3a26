/* Watches the processes of a roster (kern/roster.h): those that are there at first, and those that come
 * later. The roster is listed every second, or less often if that would take more than one per cent of the
 * time. */
#ifndef LIVE_ROLL_CALL_H
#define LIVE_ROLL_CALL_H

#include "kern/roster.h"
#include "live/members.h"

/* A callback for processes that could not be watched at first, with the reason. Those for which there is no
 * room are reported together, as pid 0. */
struct roll_call_report {
	void (*left_out)(void *context, int32_t pid, const struct err *); /* NULL: nobody */
	void *context;
};

/* All zero: there is no roster. */
struct roll_call {
	struct roster *roster; /* owned; NULL: there is none, and roll_call_take does nothing */
	bool keep_refused;     /* refused processes may be outside the roster: keep those */
	uint64_t due_ns;       /* CLOCK_MONOTONIC: when to look for more */
	struct task_list present;
};
/* Takes over the roster (NULL: there is none). `keep_refused`: processes outside the roster may have been
 * refused, too. */
void roll_call_init(struct roll_call *, struct roster *, bool keep_refused);
void roll_call_fini(struct roll_call *);
/* Is there a roster? */
bool roll_call_is_on(const struct roll_call *);
/* When to call roll_call_take again, CLOCK_MONOTONIC; UINT64_MAX: there is no roster. */
uint64_t roll_call_due_ns(const struct roll_call *);

/* Takes in the processes that are there. 0, or -1 if none is watched afterwards: ERR_NOT_FOUND (there is no
 * such process), ERR_DENIED (none may be read), or the errors of roster_list. */
int roll_call_begin(struct roll_call *, struct members *, const struct roll_call_report *, struct err *);
/* Takes in processes that have come since, if it is time to look. */
void roll_call_take(struct roll_call *, struct members *, struct sink *);

#endif
