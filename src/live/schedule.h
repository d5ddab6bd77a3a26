/* Looking at a running process again and again: what to read at which moment.
 *
 * Everything read is compared with the model by model/observe.h, which sends what
 * differs. A look never waits and keeps to a budget of time; what did not
 * fit is read at the next. */
#ifndef LIVE_SCHEDULE_H
#define LIVE_SCHEDULE_H

#include "kern/reader.h"
#include "model/world.h"
#include "live/hot.h"

struct page_range {
	uint64_t first, end;
};

/* A pass over all pages that is continued from look to look. */
struct pass {
	bool running;
	bool cache;       /* ask the page cache as well */
	uint64_t at;      /* the page to go on from */
	uint64_t cost_ns; /* of this pass so far; of the last one when it is not running */
	uint64_t ended_ns;
};

struct schedule {
	struct reader *reader;
	struct world *world;
	int32_t pid;
	bool cache;        /* may the page cache be asked? */
	uint64_t began_ns; /* CLOCK_MONOTONIC when the watch began, 0: not yet */

	struct region_list regions;
	struct tiles tiles, merged;
	struct page_range *fresh; /* new or changed regions, not read yet */
	size_t fresh_count, fresh_cap;
	struct hot hot;
	struct page_range focus;
	uint64_t focus_at;       /* where reading it goes on, when it is too large for one look */
	struct page_range known; /* the focus, when this look has read all of it */
	uint64_t focus_cache_ns; /* when the page cache was last asked for it */

	uint64_t maps_ns, maps_cost_ns; /* when maps was last read, and what that took */
	uint64_t maps_began_ns;         /* when that began: all of before is in it */
	bool maps_wanted;
	bool have_stat;
	struct process_stat stat;
	uint64_t moved_ns; /* when the counters last moved, or anything changed */
	struct pass chase; /* because the counters moved */
	bool chase_again;  /* they moved since it began */
	bool told;         /* faults are told one by one: a chase finds little that is new */
	struct schedule_told {
		uint64_t counted, counted_ns; /* by the kernel's counters, which were read at that time */
		uint64_t told, later;         /* one by one in all; of these after that time */
		int64_t untold;               /* counted, but not told: the most that ever were */
		bool known;                   /* there is an untold to compare with */
	} faults;
	bool missed;        /* since the last chase began more went untold */
	struct pass patrol; /* because no counter tells everything */
	uint64_t patrol_cache_ns;
	int64_t credit_ns; /* processor time that reading without a reason may take */
	uint64_t credit_at;
};

void schedule_init(struct schedule *, struct reader *, struct world *, int32_t pid, bool cache);
void schedule_fini(struct schedule *);

/* Nanoseconds since the watch began; 0 during the first sweep. */
uint64_t schedule_time(const struct schedule *);
void schedule_focus(struct schedule *, uint64_t first, uint64_t end);
/* Another image is in the process: nothing that was planned holds. */
void schedule_forget(struct schedule *);

/* Reads the counters. *moved: something has happened since the last look that can
 * have changed pages; *exec: it became another program. ERR_GONE when it has ended. */
int schedule_counters(struct schedule *, bool *moved, bool *exec, struct err *);
/* Faults were told one by one: `count` in all, `later` of them after faults.counted_ns. */
void schedule_note_faults(struct schedule *, uint64_t count, uint64_t later);
/* What can have changed, within a budget of time. Returns how much differed,
 * or -1 with ERR_GONE when the memory that was being read is no more: the process
 * ends, or has become another program. */
int64_t schedule_look(struct schedule *, struct sink *, bool moved, uint64_t interval_ns, uint64_t budget_ns,
		      struct err *);
/* Maps anew, because a fault lies in no known region; unless they are so many that they
 * were read too recently. As schedule_look. */
int64_t schedule_regions(struct schedule *, struct sink *, struct err *);
/* The pages of these ranges, which are in order, within a budget. *done is the page that
 * it came to. As schedule_look. */
int64_t schedule_ranges(struct schedule *, struct sink *, const struct page_range *, size_t n,
			uint64_t budget_ns, uint64_t *done, struct err *);
/* Everything, however long it takes. As schedule_look. */
int64_t schedule_everything(struct schedule *, struct sink *, struct err *);

#endif
