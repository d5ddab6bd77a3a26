#include "live/fault_intake.h"

#include <stdlib.h>
#include <string.h>

#include "base/bisect.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/minmax.h"

#define DRAIN_NS (4 * CLOCK_MS) /* the longest time between two drains of the rings */

void fault_intake_init(struct fault_intake *in, struct fault_balance *balance)
{
	*in = (struct fault_intake){ .balance = balance };
}

void fault_intake_fini(struct fault_intake *in)
{
	fault_capture_close(&in->capture);
	fault_batch_fini(&in->taken);
	fault_batch_fini(&in->ahead);
	free(in->execs);
}

void fault_intake_open(struct fault_intake *in, struct watch *watch, const struct faults_options *options)
{
	fault_capture_open(&in->capture, watch, options);
}

void fault_intake_refuse(struct fault_intake *in, const struct err *err)
{
	fault_capture_refuse(&in->capture, err);
}

struct faults *fault_intake_rings(const struct fault_intake *in)
{
	return fault_capture_rings(&in->capture);
}

const struct fault_capture *fault_intake_capture(const struct fault_intake *in)
{
	return &in->capture;
}

const struct err *fault_intake_err(const struct fault_intake *in)
{
	return fault_capture_err(&in->capture);
}

uint32_t fault_intake_sampled(const struct fault_intake *in)
{
	return fault_capture_sampled(&in->capture);
}

bool fault_intake_has_ended(const struct fault_intake *in)
{
	return in->ended;
}

bool fault_intake_stands(const struct fault_intake *in)
{
	return in->stands;
}

struct fault_batch *fault_intake_batch(struct fault_intake *in)
{
	return &in->batch;
}

struct fault_batch *fault_intake_ahead(struct fault_intake *in)
{
	return &in->ahead;
}

void fault_intake_note(struct fault_intake *in, bool ended, bool stands)
{
	in->ended = ended;
	in->stands = stands;
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
	const struct faults *rings = fault_capture_rings(&in->capture);
	uint64_t drained_ns = fault_capture_drained_ns(&in->capture);
	if (rings && (clock_now_ns() - drained_ns >= DRAIN_NS || faults_filling(rings)))
		drain(in, sink, &in->ahead);
}

bool fault_intake_drain_to(struct fault_intake *in, struct sink *sink, uint64_t time_ns)
{
	if (fault_capture_drained_ns(&in->capture) <= time_ns && !in->ended)
		drain(in, sink, &in->ahead);
	return fault_capture_drained_ns(&in->capture) > time_ns || in->ended || in->stands;
}

/* Each processor's ring has its own in order of time. */
static void add_exec(struct fault_intake *in, const struct fault_task *exec)
{
	size_t at = in->exec_count;
	mem_grow(in->execs, in->exec_cap, in->exec_count + 1);
	for (; at && in->execs[at - 1].time_ns > exec->time_ns; at--)
		in->execs[at] = in->execs[at - 1];
	in->execs[at] = *exec;
	in->exec_count++;
}

static void keep_execs(struct fault_intake *in)
{
	for (size_t i = 0; i < in->taken.task_count; i++) {
		if (in->taken.tasks[i].kind != FAULT_TASK_EXEC)
			continue;
		add_exec(in, &in->taken.tasks[i]);
	}
}

static void take(struct fault_intake *in, struct sink *sink)
{
	struct fault_batch sent = in->taken;
	in->taken = in->ahead;
	in->ahead = sent;
	in->sent = 0;
	fault_batch_clear(&in->ahead);
	drain(in, sink, &in->taken);
	keep_execs(in);
}

/* How many of the faults from `first` on, that were taken, are from before the next exec. */
static size_t count_before_exec(const struct fault_intake *in, size_t first)
{
	size_t end;
	if (!in->exec_count)
		return in->taken.count - first;
	bisect(end, first, in->taken.count, in->taken.records[end].time_ns < in->execs[0].time_ns);
	return end - first;
}

/* A part of what was taken. */
static struct fault_batch part(const struct fault_intake *in, size_t first, size_t count)
{
	struct fault_batch batch = in->taken;
	if (first)
		batch.records += first;
	batch.count = count;
	return batch;
}

void fault_intake_next(struct fault_intake *in, struct sink *sink, size_t max)
{
	in->sent += in->batch.count;
	if (in->sent < in->taken.count)
		fault_intake_drain(in, sink);
	else
		take(in, sink);
	in->batch = part(in, in->sent, min(max, count_before_exec(in, in->sent)));
	in->taken.deep_count = in->taken.mapping_count = 0; /* the first part has them all */
}

void fault_intake_return(struct fault_intake *in)
{
	in->batch.count = 0;
}

struct fault_batch fault_intake_rest(const struct fault_intake *in)
{
	size_t first = in->sent + in->batch.count;
	return part(in, first, in->taken.count - first);
}

size_t fault_intake_waiting(const struct fault_intake *in)
{
	return fault_intake_rest(in).count + in->ahead.count;
}

uint64_t fault_intake_waiting_ns(const struct fault_intake *in)
{
	struct fault_batch rest = fault_intake_rest(in);
	return rest.count        ? rest.records[0].time_ns
	       : in->ahead.count ? in->ahead.records[0].time_ns
				 : UINT64_MAX;
}

uint64_t fault_intake_taken(struct fault_intake *in, struct sink *sink, uint64_t until_ns)
{
	size_t count = 0;
	if (!fault_capture_rings(&in->capture))
		return 0;
	fault_intake_drain(in, sink);
	while (count < in->ahead.count && in->ahead.records[count].time_ns <= until_ns)
		count++;
	return count + fault_capture_lost(&in->capture);
}

bool fault_intake_measure(struct fault_intake *in, struct fault_load *load)
{
	return fault_capture_measure(&in->capture, load);
}

bool fault_intake_replace(struct fault_intake *in, uint32_t stack_bytes, struct sink *sink)
{
	return fault_capture_is_outgrown(&in->capture, stack_bytes) &&
	       fault_capture_replace(&in->capture, stack_bytes, sink, &in->ahead, in->stands ? UINT64_MAX : 0,
				     in->balance);
}

size_t fault_intake_count_execs(struct fault_intake *in, struct sink *sink)
{
	size_t count = in->exec_count;
	if (fault_capture_rings(&in->capture))
		fault_intake_drain(in, sink);
	for (size_t i = 0; i < in->ahead.task_count; i++)
		count += in->ahead.tasks[i].kind == FAULT_TASK_EXEC;
	return count;
}

size_t fault_intake_execs(const struct fault_intake *in, const struct fault_task **execs)
{
	*execs = in->execs;
	return in->exec_count && fault_intake_waiting_ns(in) >= in->execs[0].time_ns ? in->exec_count : 0;
}

void fault_intake_pass(struct fault_intake *in, size_t count)
{
	in->exec_count -= count;
	if (in->exec_count)
		memmove(in->execs, in->execs + count, in->exec_count * sizeof *in->execs);
}

bool fault_intake_is_at_exec(const struct fault_intake *in)
{
	uint64_t next_ns = fault_intake_waiting_ns(in);
	return in->exec_count && next_ns != UINT64_MAX && next_ns >= in->execs[0].time_ns;
}
