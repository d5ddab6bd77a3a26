/* The system calls of a process that changed its memory: the last CALLS_MAX that were seen. */
#ifndef MODEL_CALLS_H
#define MODEL_CALLS_H

#include <stddef.h>
#include <stdint.h>

#include "event/event.h"

#define CALLS_MAX 256

struct call_entry {
	uint64_t time_ns; /* since the watch began */
	struct event_call call;
	uint32_t stack;        /* see model/stacks.h; 0: not taken */
	uint64_t after_faults; /* how many faults came before it: its place among them */
};

struct calls {
	struct call_entry *entries; /* CALLS_MAX, or NULL */
	uint64_t begin, end;        /* [begin, end) are kept, each at its number % CALLS_MAX */
	uint64_t image; /* calls with lower numbers belong to an earlier image: names are not of their code */
};

/* Adds a call at a time since the watch began, with the number of its stack (model/stacks.h). */
void calls_add(struct calls *, uint64_t time_ns, const struct event_call *, uint32_t stack,
	       uint64_t after_faults);
/* The call with this number; NULL if it is not kept. */
const struct call_entry *calls_at(const struct calls *, uint64_t number);
/* Renumbers those that are kept, so that the next one gets this number. */
void calls_number(struct calls *, uint64_t next);
struct calls calls_copy(const struct calls *); /* a deep copy */
void calls_fini(struct calls *);               /* it can be used again */

#endif
