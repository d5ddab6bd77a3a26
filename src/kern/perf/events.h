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
	uint32_t deep_bytes; /* how many bytes are sampled from some stacks; 0: from none */
	int32_t *tids;       /* of the threads that were opened */
	size_t tid_count, tid_cap;
	uint32_t stack_every;    /* one in so many minor faults has its stack sampled; 1: each */
	uint64_t tracepoints[2]; /* of faults in user and in kernel mode; 0: error codes are not available */
	struct err codes_err;    /* why not */
	bool codes_on;
	bool heirs;          /* report the faults of children too, from their birth */
	uint64_t *trace_ids; /* of the tracepoints' events, as in records; in order */
	size_t trace_count, trace_cap;
	bool raised; /* the limit on open files has been raised */
};

/* Samples `stack_bytes` of each stack (0: neither stacks nor registers), but of a thread's minor faults only
 * one in `stack_every`. `codes`: opens the tracepoints, too. `heirs`: reports what children touch from birth
 * on, too. */
void events_init(struct events *, int32_t pid, uint32_t stack_bytes, uint32_t stack_every, bool codes,
		 bool heirs);
void events_fini(struct events *);

/* Opens all events, and the rings that they write into, as large as the kernel allows. 0, or -1 with err. */
int events_open(struct events *, struct rings *, struct err *);
/* Disables all events: no more faults come. */
void events_stop(struct events *);
/* Takes over from another the events that children inherit, in place of its own: what was forked meanwhile
 * has inherited only those. */
void events_adopt_tasks(struct events *, struct events *from);
/* Switches the tracepoints' events on or off. */
void events_set_codes(struct events *, bool on);
/* Is it the id of a tracepoint's event? */
bool events_is_trace(const struct events *, uint64_t id);
/* Does the kernel count what each of them loses (Linux 6.0)? */
bool events_count_lost(const struct events *);
/* How many faults were lost since the last call because a ring had no room. Asks only the events of rings
 * that were short of room, because asking interrupts the CPU that the thread runs on. */
uint64_t events_read_lost(struct events *, const struct rings *);
/* The largest size of a record in a ring. */
size_t events_record_bytes(const struct events *);

#endif
