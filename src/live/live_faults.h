/* What a live source keeps to tell faults: for live.c and live_faults.c. */
#ifndef LIVE_LIVE_FAULTS_H
#define LIVE_LIVE_FAULTS_H

#include "event/sink.h"
#include "kern/perf/faults.h"
#include "live/fault_stacks.h"
#include "live/remap.h"
#include "live/schedule.h"
#include "trace/fatal.h"
#include "live/seen.h"
#include "live/stack_growth.h"
#include "trace/stopped_stacks.h"
#include "live/touches.h"

struct live_faults {
	struct sink sink; /* stands before the one that events go to, and sees what readings change */
	struct sink *to;
	struct schedule *schedule;
	struct faults *capture;    /* NULL: why */
	char why[512];             /* why not, or what is missing of it; "" where nothing is */
	bool codes_off;            /* error codes are not told for the moment: faults come too fast */
	uint64_t known_ns;         /* CLOCK_MONOTONIC: before that the first picture was not whole */
	struct fault_batch batch;  /* that is told */
	struct fault_batch ahead;  /* that came while pages were read for it: told next */
	uint64_t drained_ns;       /* when the rings were last emptied */
	struct fatal_faults fatal; /* touches that a signal answered, not told yet */
	struct touches touches;
	struct seen seen; /* since the faults were last taken */
	struct stack_growth growth;
	struct remap remap;   /* regions that faults may have been in, and that are not there any more */
	bool any_remap;       /* some of the batch's were */
	bool small;           /* its rings: a child, whose faults have been few */
	uint32_t stack_bytes; /* sampled of each stack; 0: none */
	struct fault_stacks stacks;
	size_t standing;            /* the record of the batch by which the process stands; SIZE_MAX: none */
	struct stopped_stack whole; /* the stack of that one */
	struct {                    /* how fast they come, counted anew every now and then */
		uint64_t since_ns, count, lost;
		uint64_t per_second;
		unsigned calm; /* how often in a row they came slowly */
	} rate;
};

#endif
