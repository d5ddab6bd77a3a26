/* The perf events that count a process's page faults: on every thread and every CPU. */
#ifndef KERN_PERF_EVENTS_H
#define KERN_PERF_EVENTS_H

#include <linux/perf_event.h>

#include "base/err.h"
#include "kern/perf/rings.h"

struct events {
	int32_t pid;
	struct perf_event_attr attr; /* what all have in common */
	struct opened *list;         /* all that are open */
	size_t count, cap;
	uint32_t deep_bytes; /* that are sampled from some stacks; 0: from none */
	int32_t *tids;       /* of the threads that were opened */
	size_t tid_count, tid_cap;
	uint32_t stack_every;    /* minor faults between two stacks; 1: none between */
	uint64_t tracepoints[2]; /* of faults in user and in kernel mode; 0: codes are not known */
	struct err codes_err;    /* why not */
	bool codes_on;
	bool heirs;          /* the faults of children too, from their birth */
	uint64_t *trace_ids; /* of the tracepoints' events, as in records; in order */
	size_t trace_count, trace_cap;
	bool raised; /* the limit of open files */
};

/* Samples `stack_bytes` of each stack (0: neither stacks nor registers), but for minor faults only of one in
 * `stack_every` of a thread; `codes`: tracepoints too; `heirs`: what children touch from birth on, too. */
void events_init(struct events *, int32_t pid, uint32_t stack_bytes, uint32_t stack_every, bool codes,
		 bool heirs);
void events_fini(struct events *);

/* Opens all, and the rings that they write into, as large as the kernel grants. -1 with err. */
int events_open(struct events *, struct rings *, struct err *);
/* No more faults come from any of them. */
void events_stop(struct events *);
/* Takes over the events that are inherited by children in place of its own: what was forked meanwhile has
 * inherited only those. */
void events_adopt_tasks(struct events *, struct events *from);
/* Switches those of the tracepoints on or off. */
void events_set_codes(struct events *, bool on);
/* Is it the id of a tracepoint's event? */
bool events_is_trace(const struct events *, uint64_t id);
/* Does the kernel count what each of them loses (Linux 6.0)? */
bool events_count_lost(const struct events *);
/* How many faults were lost since this was last called, for want of room in rings that were short of it. Asks only the
 * events of those, as asking interrupts the CPU that the thread runs on. */
uint64_t events_read_lost(struct events *, const struct rings *);
/* The largest size of a record in a ring. */
size_t events_record_bytes(const struct events *);

#endif
