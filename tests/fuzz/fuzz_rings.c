/* The bytes of a perf ring: any bytes end, what is taken out of them lies within them, and kin and error codes
 * accept it. The first byte says where in the ring the records begin. */
#include "fuzz/fuzz.h"

#include <assert.h>

#include "base/mem.h"
#include "kern/perf/fault_codes.h"
#include "kern/perf/faultring.h"
#include "kern/perf/kin.h"

#define RING 65536

static void check_record(struct fault_codes *codes, const struct fault_batch *batch, struct fault_record *r)
{
	struct fault_sample sample;
	struct fault_trace trace;
	const uint8_t *bytes = fault_batch_sampled(batch, r);
	volatile uint8_t last;

	assert(r->more % 8 == 0 && r->more + r->length <= batch->length);
	fault_trace_read(bytes, r->length, &trace);
	if (fault_sample_read(bytes, r->length, &sample) && sample.stack) {
		assert(sample.stack >= bytes && sample.stack + sample.stack_length <= bytes + r->length);
		if (sample.stack_length)
			last = sample.stack[sample.stack_length - 1];
	}
	fault_codes_note(codes, batch, r);
	fault_codes_take(codes, r);
	(void)last;
}

static void tell_kin(struct kin *kin, const struct fault_task *t)
{
	assert(memchr(t->name, '\0', sizeof t->name));
	switch (t->kind) {
	case FAULT_TASK_FORK:
		kin_fork(kin, t->pid, t->child, t->time_ns);
		break;
	case FAULT_TASK_THREAD:
		kin_thread(kin, t->pid, t->time_ns);
		break;
	case FAULT_TASK_EXIT:
		kin_exit(kin, t->pid, t->time_ns);
		break;
	case FAULT_TASK_EXEC:
		kin_exec(kin, t->pid, t->time_ns);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t bytes[RING];
	struct fault_batch batch = { 0 };
	struct fault_codes codes = { 0 };
	struct kin *kin = kin_create(4242);
	uint64_t from =
	    size ? UINT64_MAX - (uint64_t)*data * (RING / 256) : 0; /* positions may wrap around */
	size_t n = size > RING ? RING : size;

	for (size_t i = 0; i < n; i++)
		bytes[(from + i) & (RING - 1)] = data[i];
	/* the records are the bytes after the first one, up to a whole word */
	faultring_take_all(&(struct faultring){ bytes, RING, from + (n > 0), from + n }, &batch);
	for (size_t i = 0; i < batch.count; i++) {
		check_record(&codes, &batch, &batch.records[i]);
		kin_fault(kin, batch.records[i].pid, batch.records[i].address >> 12, batch.records[i].time_ns,
			  i % 2);
	}
	for (size_t i = 0; i < batch.task_count; i++)
		tell_kin(kin, &batch.tasks[i]);
	for (size_t i = 0; i < batch.mapping_count; i++) {
		assert(batch.mappings[i].attr.start < batch.mappings[i].attr.end);
		assert(strlen(batch.mappings[i].attr.path) < n);
	}
	fault_batch_fini(&batch);
	kin_destroy(kin);
	return 0;
}
