/* The figures of /proc/PID/stat: cheap to read, and a reason to read more.
 *
 * If faults are reported one by one, their number is compared with the kernel's count. Those that were
 * counted but not reported were lost, or are pages that the kernel brought in by itself (mlock,
 * MAP_POPULATE). A scan has to find these pages. */
#ifndef LIVE_COUNTERS_H
#define LIVE_COUNTERS_H

#include "kern/reader.h"
#include "live/watch.h"

/* Faults that the kernel counted against those that were reported. */
struct fault_balance {
	bool on;             /* faults are reported one by one */
	uint64_t counted;    /* by the kernel */
	uint64_t counted_ns; /* at this time (CLOCK_MONOTONIC); 0: not yet */
	uint64_t reported;   /* in all */
	uint64_t later;      /* of `reported`: after counted_ns */
	int64_t missing;     /* counted, but not reported: the most so far */
	bool comparable;     /* there is a `missing` to compare with */
	bool missed;         /* more went missing, and no scan has begun since */
};
/* From now on faults are reported one by one, or they are not. */
void fault_balance_set_on(struct fault_balance *, bool on);
bool fault_balance_is_on(const struct fault_balance *);
/* When the kernel's count was read last (CLOCK_MONOTONIC); 0: not yet. */
uint64_t fault_balance_counted_ns(const struct fault_balance *);
/* Have more faults gone missing since fault_balance_search was last called? */
bool fault_balance_has_missed(const struct fault_balance *);
/* A scan for their pages begins now. */
void fault_balance_search(struct fault_balance *);
/* Faults were reported: `count` in all, `later` of them after counted_ns. */
void fault_balance_note(struct fault_balance *, uint64_t count, uint64_t later);

struct counters {
	bool known;
	struct process_stat stat; /* as last read */
	struct fault_balance balance;
};

/* What has happened since they were last read. */
struct counters_change {
	bool moved;   /* something happened that can have changed pages */
	bool resized; /* regions came, went or changed their size */
	bool exec;    /* it became another program */
};

/* The balance, which belongs to them. */
struct fault_balance *counters_balance(struct counters *);
/* The counters as last read; NULL: not read yet. */
const struct event_counters *counters_last(const struct counters *);
/* Where the program's first function began on the stack, as last read; 0: not known. */
uint64_t counters_start_stack(const struct counters *);
/* Reads them and fills in the change. 0, also if they cannot be read for now; -1 with ERR_GONE if the process
 * has ended. */
int counters_read(struct counters *, struct watch *, struct reader *, struct counters_change *, struct err *);
/* The process has another image, and its stack is not known yet. */
void counters_forget_image(struct counters *);
/* Sends them if they differ from the model's. */
void counters_send(const struct counters *, struct watch *, struct sink *);

#endif
