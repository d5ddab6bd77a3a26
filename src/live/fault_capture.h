/* The rings that faults come from (kern/perf/faults.h), adapted to the rate of faults: how much of each stack
 * is sampled, at how many faults, whether error codes are recorded, how large the rings are. */
#ifndef LIVE_FAULT_CAPTURE_H
#define LIVE_FAULT_CAPTURE_H

#include "kern/perf/faults.h"
#include "live/counters.h"
#include "live/stack_rate.h"
#include "live/watch.h"

struct fault_capture {
	struct watch *watch;
	struct faults_options options;
	struct faults *rings; /* NULL: see lack */
	struct err lack;      /* why there are none, or what is missing; ERR_NONE: nothing is */
	struct stack_rate stack_rate;
	bool small;          /* as last measured: faults come too fast for rings of this size */
	bool refused;        /* other rings could not be opened the last time: do not try again soon */
	bool codes_off;      /* error codes are not recorded at present: faults come too fast */
	uint64_t drained_ns; /* CLOCK_MONOTONIC: when the rings were last emptied */
	struct {             /* how fast they come, counted again every now and then */
		uint64_t since_ns, count, lost;
		uint64_t per_second;
		unsigned calm; /* how often in a row they came slowly */
	} rate;
};

/* Opens the rings, or keeps the reason why not. The options' stack_every is the requested share of stacks; 0:
 * adapt it to the rate of faults. */
void fault_capture_open(struct fault_capture *, struct watch *, const struct faults_options *);
void fault_capture_close(struct fault_capture *);
/* Notes the reason why no rings are to be opened. */
void fault_capture_refuse(struct fault_capture *, const struct err *failure);

/* The rings; NULL: there are none, and fault_capture_err says why. */
struct faults *fault_capture_rings(const struct fault_capture *);
/* Why there are no rings, or what they lack; ERR_NONE: nothing. */
const struct err *fault_capture_err(const struct fault_capture *);
/* How often stacks are taken at present. */
const struct stack_rate *fault_capture_stack_rate(const struct fault_capture *);
/* How many bytes are sampled of each stack at present; 0: none, or there are no rings. */
uint32_t fault_capture_sampled(const struct fault_capture *);
/* Are the faults of what the process forks captured too, until it has rings of its own? */
bool fault_capture_takes_heirs(const struct fault_capture *);
/* Are error codes not recorded at present because faults come too fast? */
bool fault_capture_leaves_out_codes(const struct fault_capture *);
/* When the rings were last emptied (CLOCK_MONOTONIC); 0: not yet. */
uint64_t fault_capture_drained_ns(const struct fault_capture *);
/* How many faults were lost since the load was last measured. */
uint64_t fault_capture_lost(const struct fault_capture *);

/* The load: how fast faults come, and how much of them is recorded. */
struct fault_load {
	uint32_t stack_bytes;       /* sampled of each stack */
	uint64_t stacks_per_second; /* stacks that are sampled */
	uint64_t lost;              /* since that was last measured */
};

/* Appends to the batch the faults up to `until_ns` (CLOCK_MONOTONIC), and sends how many were lost. */
void fault_capture_drain(struct fault_capture *, struct sink *, struct fault_batch *, uint64_t until_ns,
			 struct fault_balance *);
/* Measures how fast faults came lately, if it is time to adapt to that. False: not yet. */
bool fault_capture_measure(struct fault_capture *, struct fault_load *);
/* Would other rings suit the measured load better, with this many bytes of each stack? To be called after
 * fault_capture_measure. */
bool fault_capture_is_outgrown(const struct fault_capture *, uint32_t stack_bytes);
/* Continues with such rings where the old ones end, and appends to the batch what the old ones still had.
 * False: they could not be opened, and the old ones stay in use. */
bool fault_capture_replace(struct fault_capture *, uint32_t stack_bytes, struct sink *, struct fault_batch *,
			   uint64_t until_ns, struct fault_balance *);

#endif
