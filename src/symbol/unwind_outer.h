/* The outer parts of stacks that were seen whole, to continue those whose sample ends earlier.
 *
 *     seen before     fill  push  parse  run  main  _start
 *     cut here        grow  parse ...
 *     taken for       grow  parse  run  main  _start
 *
 * if parse's stack frame is at the same place as then. That is likely, not certain: the thread may have left, and
 * come back to the same function on another path. So addresses added in this way are marked as deduced. */
#ifndef SYMBOL_UNWIND_OUTER_H
#define SYMBOL_UNWIND_OUTER_H

#include <stddef.h>
#include <stdint.h>

#include "event/event.h"

/* A stack frame. */
struct unwind_frame {
	uint64_t function; /* the function's start, whichever call of it is under way */
	uint64_t sp;
};

struct unwind_outer;

/* Empty. */
struct unwind_outer *unwind_outer_create(void);
void unwind_outer_destroy(struct unwind_outer *); /* NULL is fine */
void unwind_outer_flush(struct unwind_outer *);
/* Adds a stack that reaches the thread's first function, of at most STACK_MAX addresses, with a frame for
 * each. */
void unwind_outer_add(struct unwind_outer *, int32_t tid, const struct event_stack *,
		      const struct unwind_frame *frames);
/* Appends to the ips of a thread's stack, which has room for `max`, what was seen outside its last function,
 * marked as deduced. False: nothing was seen. */
bool unwind_outer_find(const struct unwind_outer *, int32_t tid, struct unwind_frame last, uint64_t *ips,
		       size_t max, struct event_stack *);

#endif
