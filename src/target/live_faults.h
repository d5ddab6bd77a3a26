/* What a live source keeps to tell faults: for live.c and live_faults.c. */
#ifndef TARGET_LIVE_FAULTS_H
#define TARGET_LIVE_FAULTS_H

#include "event/event.h"
#include "kern/faults.h"
#include "target/look.h"

#define FAULTS_SEEN 1024

/* Pages that a scan found to be otherwise: how they were until then. */
struct seen_change {
	uint64_t first, end;
	uint32_t was;
	uint64_t time_ns; /* of the watch */
};

/* One page that was touched: by the records touches[i].record of the batch. */
struct touch {
	uint64_t page;
	size_t record;
	uint32_t was, now;
	bool grown;
};

struct live_faults {
	struct sink sink;        /* stands before the one that events go to, and sees what scans change */
	struct sink *to;
	struct look *look;
	struct faults *capture;  /* NULL: why */
	char why[512];           /* why not, or what is missing of it; "" where nothing is */
	uint64_t known_ns;       /* CLOCK_MONOTONIC: before that the first picture was not whole */
	struct fault_batch batch;
	struct touch *touches;
	size_t touch_count, touch_cap;
	struct page_range *ranges;
	size_t range_count, range_cap;
	struct seen_change *seen; /* since the faults were last taken */
	size_t seen_count, seen_cap;
	bool seen_overflow;
	uint64_t seen_ns;        /* time of the last one */
};

#endif
