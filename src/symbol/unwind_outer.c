/* Whole stacks are kept in a ring, the newer pushing out the older. A hash table with one slot for each key,
 * which is a thread and a stack frame, has the stack that it was last seen in, and its position in it.
 * The stack's number shows whether it has been pushed out since. */
#include "symbol/unwind_outer.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/minmax.h"

#define STACKS 256
#define SLOTS 8192 /* a power of two */

struct kept {
	uint64_t number; /* counts all stacks ever added; 0: none */
	size_t count, deduced;
	uint64_t ips[STACK_MAX];
};

struct outer_frame {
	struct unwind_frame frame;
	int32_t tid;
	uint32_t at; /* from the innermost */
	uint64_t number;
};

struct unwind_outer {
	uint64_t number, flushed; /* of the latest stack; of the latest one that must not be used any more */
	struct kept stacks[STACKS];
	struct outer_frame seen[SLOTS];
};

struct unwind_outer *unwind_outer_create(void)
{
	return mem_zalloc(sizeof(struct unwind_outer));
}

void unwind_outer_destroy(struct unwind_outer *o)
{
	free(o);
}

void unwind_outer_flush(struct unwind_outer *o)
{
	o->flushed = o->number;
}

static size_t slot_of(int32_t tid, struct unwind_frame frame)
{
	return hash_two(frame.function ^ (uint64_t)(uint32_t)tid << 40, frame.sp) & (SLOTS - 1);
}

void unwind_outer_add(struct unwind_outer *o, int32_t tid, const struct event_stack *stack,
		      const struct unwind_frame *frames)
{
	struct kept *kept = &o->stacks[++o->number % STACKS];

	kept->number = o->number;
	kept->count = stack->count;
	kept->deduced = stack->deduced;
	memcpy(kept->ips, stack->ips, stack->count * sizeof *stack->ips);
	for (size_t i = 0; i < stack->count; i++)
		o->seen[slot_of(tid, frames[i])] =
		    (struct outer_frame){ frames[i], tid, (uint32_t)i, o->number };
}

bool unwind_outer_find(const struct unwind_outer *o, int32_t tid, struct unwind_frame last, uint64_t *ips,
		       size_t max, struct event_stack *stack)
{
	const struct outer_frame *seen = &o->seen[slot_of(tid, last)];
	const struct kept *kept = &o->stacks[seen->number % STACKS];

	if (seen->number <= o->flushed || kept->number != seen->number || seen->tid != tid ||
	    seen->frame.function != last.function || seen->frame.sp != last.sp)
		return false;
	size_t outer = kept->count - 1 - seen->at, room = max - stack->count;
	stack->end = outer <= room ? STACK_WHOLE : STACK_TOO_DEEP;
	outer = min(outer, room);
	memcpy(ips + stack->count, kept->ips + seen->at + 1, outer * sizeof *ips);
	stack->count += outer;
	stack->deduced = outer;
	return true;
}
