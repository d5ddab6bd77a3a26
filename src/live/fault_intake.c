#include "live/fault_intake.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"

#define DRAIN_NS (4 * CLOCK_MS) /* the longest time between two drainings of the rings */

void fault_intake_init(struct fault_intake *in, struct fault_balance *balance)
{
	*in = (struct fault_intake){ .balance = balance };
}

void fault_intake_fini(struct fault_intake *in)
{
	fault_capture_close(&in->capture);
	fault_batch_fini(&in->batch);
	fault_batch_fini(&in->ahead);
	free(in->execs);
}

/* While the process is stopped nothing more comes: however much the processors' clocks differ, everything in
 * the rings is from before. */
static uint64_t drain_until(const struct fault_intake *in)
{
	return in->stands ? UINT64_MAX : clock_now_ns();
}

static void drain(struct fault_intake *in, struct sink *sink, struct fault_batch *batch)
{
	fault_capture_drain(&in->capture, sink, batch, drain_until(in), in->balance);
}

void fault_intake_drain(struct fault_intake *in, struct sink *sink)
{
	drain(in, sink, &in->ahead);
}

void fault_intake_drain_if_due(struct fault_intake *in, struct sink *sink)
{
	if (in->capture.rings &&
	    (clock_now_ns() - in->capture.drained_ns >= DRAIN_NS || faults_filling(in->capture.rings)))
		drain(in, sink, &in->ahead);
}

bool fault_intake_drain_to(struct fault_intake *in, struct sink *sink, uint64_t time_ns)
{
	if (in->capture.drained_ns <= time_ns && !in->ended)
		drain(in, sink, &in->ahead);
	return in->capture.drained_ns > time_ns || in->ended || in->stands;
}

static void keep_execs(struct fault_intake *in)
{
	for (size_t i = 0; i < in->batch.task_count; i++) {
		if (in->batch.tasks[i].kind != FAULT_TASK_EXEC)
			continue;
		mem_grow(in->execs, in->exec_cap, in->exec_count + 1);
		in->execs[in->exec_count++] = in->batch.tasks[i];
	}
}

static void swap_batches(struct fault_intake *in)
{
	struct fault_batch batch = in->batch;
	in->batch = in->ahead;
	in->ahead = batch;
}

void fault_intake_next(struct fault_intake *in, struct sink *sink)
{
	swap_batches(in);
	fault_batch_clear(&in->ahead);
	drain(in, sink, &in->batch);
	keep_execs(in);
}

void fault_intake_return(struct fault_intake *in)
{
	swap_batches(in);
}

bool fault_intake_replace(struct fault_intake *in, uint32_t stack_bytes, struct sink *sink)
{
	return fault_capture_replace(&in->capture, stack_bytes, sink, &in->ahead, in->stands ? UINT64_MAX : 0,
				     in->balance);
}

size_t fault_intake_execs(struct fault_intake *in, const struct fault_task **execs)
{
	size_t count = in->exec_count;
	*execs = in->execs;
	in->exec_count = 0;
	return count;
}
