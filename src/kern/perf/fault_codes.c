/* The kernel's tracepoint comes just before it handles a fault; the thread's next fault, if it is at that
 * address, gets the code. If none follows, the fault ended in a signal. */
#include "kern/perf/fault_codes.h"

#include "base/minmax.h"

void fault_codes_note(struct fault_codes *codes, const struct fault_batch *batch,
		      const struct fault_record *record)
{
	struct fault_code_of *of = &codes->of[(uint32_t)record->tid % FAULT_CODES];

	const uint8_t *bytes = fault_batch_sampled(batch, record);

	of->tid = fault_trace_read(bytes, record->length, &of->trace) ? record->tid : 0;
	of->time_ns = record->time_ns;
}

void fault_codes_take(struct fault_codes *codes, struct fault_record *record)
{
	struct fault_code_of *of = &codes->of[(uint32_t)record->tid % FAULT_CODES];

	if (of->tid != record->tid)
		return;
	record->has_code = of->trace.address == record->address;
	record->code = of->trace.code;
	record->after_ns = max(record->after_ns, of->time_ns);
	of->tid = 0;
}

bool fault_codes_last(const struct fault_codes *codes, int32_t tid, uint64_t address, uint32_t *code)
{
	const struct fault_code_of *of = &codes->of[(uint32_t)tid % FAULT_CODES];

	*code = of->trace.code;
	return of->tid == tid && of->trace.address == address;
}
