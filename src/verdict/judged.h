/* The look at a process that its verdict is about: the last one or, where a program has freed much of what it had
 * before it ended, the one at which it was largest. */
#ifndef VERDICT_JUDGED_H
#define VERDICT_JUDGED_H

#include "model/world.h"

struct judged {
	const struct process *process; /* as it was at that look */
	uint64_t now_ns;               /* the time of the look */
	uint64_t at_end;               /* as in struct facts */
};

/* The last look. */
struct judged judged_last(const struct world *, const struct process *);
/* An earlier one, of when it was largest; `last` is the same process as it is now. */
struct judged judged_largest(const struct process *earlier, uint64_t now_ns, const struct process *last);
/* Has it ended, with much less in memory than these pages? */
bool judged_has_freed(const struct process *, uint64_t pages);
/* By its history, the time at which it was largest. UINT64_MAX: it is to be judged by its last look. */
uint64_t judged_time(const struct process *);

#endif
