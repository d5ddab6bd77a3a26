/* By which faults pages that the user evicted came back. */
#ifndef UI_CAME_BACK_H
#define UI_CAME_BACK_H

#include "base/strbuf.h"
#include "model/process.h"

struct came_back {
	int32_t pid;
	uint64_t first, end;                   /* pages; first == end: none were evicted */
	uint64_t seen;                         /* faults with lower numbers were counted, or came before */
	uint64_t faults[FAULT_CAUSES], around; /* and the other pages that the same faults brought in */
};

/* Begins with pages that were evicted just now; forgets earlier ones. */
void came_back_begin(struct came_back *, const struct process *, uint64_t first, uint64_t end);
/* Counts the faults that came since. True: there were some; appends to `out` how many of each cause. */
bool came_back_update(struct came_back *, const struct process *, struct strbuf *out);

#endif
