/* Where the faults of a batch were: what each page was before and is now, which neighbours came with it, and
 * which region it was in.
 *
 * The rings report a fault at once, and a reading may come at any time: if a reading has seen the page before
 * its fault was taken from the ring, the model already has how it is after it. So what readings change is
 * kept until the faults of that time have been taken (live/seen.h), and so are regions that have gone
 * (live/remap.h). */
#ifndef LIVE_FAULT_PAGES_H
#define LIVE_FAULT_PAGES_H

#include "live/remap.h"
#include "live/schedule.h"
#include "live/seen.h"
#include "live/touches.h"

struct fault_pages {
	struct watch *watch; /* these are the caller's */
	struct reader *reader;
	struct schedule *schedule;
	struct touches touches;
	struct seen seen;   /* what readings changed since the faults were last taken */
	struct remap remap; /* regions that faults may have been in, and that are gone */
	bool any_remap;     /* faults of the batch were in some of them */
	uint64_t known_ns;  /* CLOCK_MONOTONIC: before that the first picture was not whole */
};

/* Everything that is passed in stays the caller's and lives longer. */
void fault_pages_init(struct fault_pages *, struct watch *, struct reader *, struct schedule *);
void fault_pages_fini(struct fault_pages *);

/* An event that is about to change the model. */
void fault_pages_note(struct fault_pages *, const struct event *, const struct process *);
/* Takes the mappings that a batch reports. */
void fault_pages_take(struct fault_pages *, struct fault_batch *);
/* Makes a touch of each fault of the batch. Returns whether some may be in regions that the model does not
 * have. */
bool fault_pages_gather(struct fault_pages *, const struct fault_batch *, const struct space *);

/* After that: finds how the pages were, then reads them, regions first if `regions` is set. *done is the page
 * that reading got to. False: the memory that they were in is gone, and *done is 0. */
bool fault_pages_read(struct fault_pages *, struct sink *, const struct process *, const struct fault_batch *,
		      bool regions, uint64_t *done);
/* The same for memory that can no longer be read: only how the pages were. */
void fault_pages_recall(struct fault_pages *, const struct process *, const struct fault_batch *);
/* Then: how the pages below `done` are now. `ahead` is what came while they were read. */
void fault_pages_settle(struct fault_pages *, const struct process *, const struct fault_batch *,
			const struct fault_batch *ahead, uint64_t done);
/* And last: which faults were in regions that are gone, and which neighbours came with them. */
void fault_pages_complete(struct fault_pages *, const struct process *, const struct fault_batch *);

/* The region that the record's fault was in, if that is gone; else NULL. */
const struct region_attr *fault_pages_gone(const struct fault_pages *, size_t record);
/* Makes the model have what the record's fault was in; SIZE_MAX: only what is there now. */
void fault_pages_show(struct fault_pages *, struct sink *, const struct space *, const struct fault_batch *,
		      size_t record);
/* The faults of the first `parts` readings were sent: of what these changed, only what late faults still need
 * is kept. */
void fault_pages_age(struct fault_pages *, size_t parts);

#endif
