/* What is remembered of a process's faults: each one in order, the last one of each page, and how many came
 * from which code. */
#ifndef MODEL_FAULT_HISTORY_H
#define MODEL_FAULT_HISTORY_H

#include "model/fault_log.h"
#include "model/fault_regions.h"
#include "model/profile.h"
#include "model/stories.h"

/* Zeroes are an empty one. */
struct fault_history {
	struct fault_log log;         /* one after another */
	struct fault_regions regions; /* the regions that these happened in */
	struct stories stories;       /* the last fault of each page */
	struct stories brought; /* the one that brought it, of pages whose last fault found them there */
	struct profile profile; /* which instructions brought in how many pages, since the last exec */
	/* faults with lower numbers belong to an earlier image: names are not of their code */
	uint64_t image;
};

/* Adds a fault on `page`. `region` is the one that it happened in; NULL: none. */
void fault_history_add(struct fault_history *, uint64_t time_ns, const struct event_fault *, uint32_t stack,
		       uint64_t page, const struct region *region);
/* Adds to the stories a touch by another process that runs in the same memory. */
void fault_history_add_other(struct fault_history *, uint64_t time_ns, const struct event_fault *,
			     uint32_t stack, uint64_t page);
/* Sets the fault of a page that a keyframe remembers: the one that brought it first, if it remembers both. */
void fault_history_story(struct fault_history *, uint64_t page, uint64_t time_ns, const struct event_fault *,
			 uint32_t stack);
/* Pages [first, end) are other memory from now on. */
void fault_history_forget(struct fault_history *, uint64_t first, uint64_t end);
/* The last fault that can have brought the page, or a copy of its own; NULL: none is known. */
const struct story *fault_history_bringer(const struct fault_history *, uint64_t page);
/* An exec: another image begins, with other pages and other code. */
void fault_history_exec(struct fault_history *);
/* Begins again at a keyframe, keeping the log: `faults` came before, those of the current image from number
 * `image` on. Stories and sums follow as events. */
void fault_history_begin(struct fault_history *, uint64_t faults, uint64_t image);
struct fault_history fault_history_copy(const struct fault_history *); /* a deep copy */
void fault_history_fini(struct fault_history *);                       /* it can be used again */

#endif
