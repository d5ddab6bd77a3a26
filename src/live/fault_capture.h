/* The rings that faults come from (kern/perf/faults.h), adapted to how many come: how much of each stack is
 * sampled, at how many faults, whether error codes are recorded, how large the rings are. */
#ifndef LIVE_FAULT_CAPTURE_H
#define LIVE_FAULT_CAPTURE_H

#include "kern/perf/faults.h"
#include "live/counters.h"
#include "live/stack_rate.h"
#include "live/watch.h"

struct fault_capture {
	struct watch *watch;
	struct faults_options options;
	struct faults *rings; /* NULL: why */
	struct err why;       /* why not, or what is missing; ERR_NONE: nothing is */
	struct stack_rate stack_rate;
	bool codes_off;      /* error codes are not recorded at present: faults come too fast */
	uint64_t drained_ns; /* CLOCK_MONOTONIC: when the rings were last emptied */
	struct {             /* how fast they come, counted again every now and then */
		uint64_t since_ns, count, lost;
		uint64_t per_second;
		unsigned calm; /* how often in a row they came slowly */
	} rate;
};

/* Opens the rings, or keeps why not. The options' stack_every is how often stacks were asked for; 0:
 * depending on how many faults come. */
void fault_capture_open(struct fault_capture *, struct watch *, const struct faults_options *);
void fault_capture_close(struct fault_capture *);

/* Appends to the batch what has come until a time (CLOCK_MONOTONIC), and sends how much was lost. */
void fault_capture_drain(struct fault_capture *, struct sink *, struct fault_batch *, uint64_t until_ns,
			 struct fault_balance *);
/* Measures how fast faults have come lately, if it is time to adjust to that; *lost is how many were lost
 * since the last time. False: not yet. */
bool fault_capture_measure(struct fault_capture *, uint64_t *lost);
/* Would other rings suit that better, with this many bytes of each stack? */
bool fault_capture_is_outgrown(struct fault_capture *, uint32_t stack_bytes, uint64_t lost);
/* Continues with such rings where the old ones end, and appends to the batch what the old ones still had.
 * False: they could not be opened, and nothing has changed. */
bool fault_capture_replace(struct fault_capture *, uint32_t stack_bytes, struct sink *, struct fault_batch *,
			   uint64_t until_ns, struct fault_balance *);

#endif
