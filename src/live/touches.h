/* The pages that a batch of faults touched: what they were before and are after it, and which
 * neighbours came with them. */
#ifndef LIVE_TOUCHES_H
#define LIVE_TOUCHES_H

#include "base/clock.h"
#include "kern/perf/faultring.h"
#include "model/world.h"
#include "live/reading.h"
#include "live/seen.h"
#include "live/touch.h"

/* The touches of one batch. Starts from zeroes; memory is kept for the next batch. For each batch the
 * functions below are called in this order. Times are CLOCK_MONOTONIC unless noted otherwise. */
struct touches {
	struct touch *list; /* by page, those of one page in order of time */
	size_t count, cap;
	uint32_t *by_record; /* index of a record's touch in the list */
	size_t by_record_cap;
	struct page_state_again {
		uint64_t page;
		uint32_t word;
	} * again; /* pages that were touched again while they were read: what they were in between */
	size_t again_count, again_cap;
	uint64_t *later; /* pages that faults of later batches touched before these were read, in order */
	size_t later_count, later_cap;
	struct page_range *ranges; /* the latest plan */
	size_t range_count, range_cap;
};

/* Frees it. */
void touches_fini(struct touches *);
/* How long a thread can be delayed between having its page and reporting the fault. */
#define TOUCHES_LATE_NS (50 * CLOCK_MS)

/* Makes a touch for each record; nothing is known of the pages yet. Returns whether a fault, or the code that
 * it came from, is in no known region. */
bool touches_gather(struct touches *, const struct fault_batch *, const struct space *);
/* Sets what a page was when it was touched, for the first touch of each page, from the process's model and
 * from the latest changes. Not known for faults before known_ns; began_ns is when the watch began. */
void touches_before(struct touches *, const struct fault_batch *, const struct process *, const struct seen *,
		    uint64_t known_ns, uint64_t began_ns);
/* Fills in the ranges to read: the pages, with what the kernel may have mapped around them. */
void touches_plan(struct touches *);
/* The same for what huge pages cover, and what folios of files can cover, after the pages themselves were
 * read. False: there are none. */
bool touches_plan_wide(struct touches *, const struct space *);
/* The ranges that were planned last: how many, from *ranges on, in order; valid until the next plan. */
size_t touches_ranges(const struct touches *, const struct page_range **ranges);
/* Sets what the pages below `done` are now, and what is known about the time in between. `later` are `n`
 * batches that came before the pages were read, in order of time; what these pages were before is kept for
 * them. */
void touches_after(struct touches *, const struct fault_batch *, const struct fault_batch *later[], size_t n,
		   const struct space *, uint64_t done);
/* Is there a page of private memory without a file that was read for the first time and yet is not the zero
 * page? Then somebody has filled it meanwhile: a userfaultfd handler, if nothing wrote to it. */
bool touches_read_to_own(const struct touches *, const struct fault_batch *, const struct space *);
/* What memory a fault touched. */
enum touch_memory {
	TOUCH_IN_PRESENT, /* what is there now */
	TOUCH_IN_LEFT,    /* memory that has gone since, but was known, including how its pages were */
	TOUCH_IN_UNSEEN,  /* memory that came and went between two looks */
};
/* The history of the touched memory, by record (the caller's arrays, as long as the batch); a time of 0: not
 * known. */
struct touch_past {
	const enum touch_memory *memory;
	/* when it was newly mapped: the first touch of each page since then finds it untouched, whatever was
	 * there before */
	const uint64_t *fresh_ns;
	const uint64_t *last_ns; /* when a mapping was last reported there, new or not */
	const bool *later;       /* a mapping was reported after the fault */
};
/* Corrects the touches of memory that is gone or was replaced since, because what was read is not of their
 * pages, and those between which something may have been mapped. */
void touches_apart(struct touches *, const struct fault_batch *, const struct process *, const struct seen *,
		   const struct touch_past *, uint64_t began_ns);
/* Sets which neighbours came with them, from the changes that were seen. */
void touches_neighbours(struct touches *, const struct fault_batch *, const struct process *,
			const struct seen *, uint64_t began_ns);

/* The touch of a record of the batch, valid until the next batch is gathered. */
static inline const struct touch *touches_of_record(const struct touches *t, size_t record)
{
	return &t->list[t->by_record[record]];
}

#endif
