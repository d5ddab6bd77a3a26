/* The processor's error codes of page faults, from tracepoints: the latest one of each thread. Joins these
 * records with those of the handled faults. */
#ifndef KERN_PERF_FAULT_CODES_H
#define KERN_PERF_FAULT_CODES_H

#include "kern/perf/faultring.h"

#define FAULT_CODES 256 /* threads whose last code is remembered */

struct fault_codes {
	struct fault_code_of {
		int32_t tid; /* 0: none */
		struct fault_trace trace;
		uint64_t time_ns;
	} of[FAULT_CODES];
};

/* A tracepoint's record: the fault of this thread is about to be handled. */
void fault_codes_note(struct fault_codes *, const struct fault_batch *, const struct fault_record *);
/* The thread's fault was handled: sets the record's code, if the noted one is for the same address. */
void fault_codes_take(struct fault_codes *, struct fault_record *);
/* The code of a thread's fault that was not handled, if it was at this address; false if there is none. */
bool fault_codes_last(const struct fault_codes *, int32_t tid, uint64_t address, uint32_t *code);

#endif
