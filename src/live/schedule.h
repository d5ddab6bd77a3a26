/* Decides what of a running process to read, and when. Times are CLOCK_MONOTONIC.
 *
 * A look is one reading of the process. It never waits, and keeps to a budget of time; what does not fit is
 * read at the next look. */
#ifndef LIVE_SCHEDULE_H
#define LIVE_SCHEDULE_H

#include "live/counters.h"
#include "live/hot.h"
#include "live/reading.h"

/* A pass once through all pages, spread over several looks. */
struct schedule_pass {
	bool running;
	bool cache;        /* read the page cache as well */
	uint64_t at;       /* the page to go on from */
	uint64_t cost_ns;  /* of this pass so far, or, if it is not running, of the last one */
	uint64_t ended_ns; /* when the last one ended; 0: none has */
};

/* The pages that the user sees. */
struct schedule_focus {
	struct page_range range;
	uint64_t at;             /* where reading it goes on, if it is too large for one look */
	struct page_range known; /* the range, if this look has read all of it */
	uint64_t cache_ns;       /* when the page cache was last read for it */
};

/* Regions that are new or have changed, not read yet. */
struct schedule_fresh {
	struct page_range *ranges;
	size_t count, cap;
};

/* Processor time that reading without a specific reason may take. */
struct schedule_credit {
	int64_t left_ns;
	uint64_t earned_ns; /* CLOCK_MONOTONIC: when it was last added to */
};

struct schedule {
	struct watch *watch; /* the caller's */
	struct reading reading;
	struct fault_balance *balance; /* the caller's */
	struct schedule_fresh fresh;
	struct schedule_focus focus;
	struct hot hot;
	bool maps_wanted;            /* regions may have changed */
	struct schedule_pass chase;  /* a pass because the counters moved */
	bool chase_again;            /* they moved since it began */
	struct schedule_pass patrol; /* a pass because no counter shows everything */
	uint64_t patrol_cache_ns;    /* when a patrol that reads the page cache, too, last began */
	struct schedule_credit credit;
};

/* Everything that is passed in stays the caller's and lives longer. `cache`: the page cache may be read. */
void schedule_init(struct schedule *, struct watch *, struct reader *, struct fault_balance *, bool cache);
/* Frees what is its own. */
void schedule_fini(struct schedule *);

/* The user sees pages [first, end) from now on; first == end: none. */
void schedule_focus(struct schedule *, uint64_t first, uint64_t end);
/* After an exec: drops all plans. */
void schedule_forget(struct schedule *);
/* Regions may have changed: maps is read again soon. */
void schedule_want_maps(struct schedule *);
/* Pages may have changed anywhere: a pass over all of them is due. */
void schedule_want_pass(struct schedule *);

/* One look: reads what can have changed, within a time budget, and sends what differs from the model.
 * `change` is how the counters changed since the last look, `interval_ns` the time between looks. Returns how
 * many regions and pages differed, or -1 with ERR_GONE if the memory that was being read is gone: the process
 * is ending, or has become another program. */
int64_t schedule_look(struct schedule *, struct sink *, const struct counters_change *, uint64_t interval_ns,
		      uint64_t budget_ns, struct err *);
/* Reads maps again, because a fault is in no known region. Returns as schedule_look. */
int64_t schedule_regions(struct schedule *, struct sink *, struct err *);
/* When the reading of maps began that the model's regions come from (CLOCK_MONOTONIC); 0: there was none
 * yet. */
uint64_t schedule_maps_began_ns(const struct schedule *);
/* Are there regions, new or changed, whose pages were not read yet? */
bool schedule_has_fresh(const struct schedule *);
/* Would reading maps again so soon cost too much, because there are many regions? */
bool schedule_regions_dear(const struct schedule *);
/* Reads the pages of these `n` ranges, which are in order, within a budget. *done: all pages of them below this one
 * were read. Returns as schedule_look. */
int64_t schedule_ranges(struct schedule *, struct sink *, const struct page_range *, size_t n,
			uint64_t budget_ns, uint64_t *done, struct err *);
/* Reads everything, however long it takes. Returns as schedule_look. */
int64_t schedule_everything(struct schedule *, struct sink *, struct err *);

#endif
