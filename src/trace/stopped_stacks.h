/* The whole stacks of stopped threads, however deep, read by ptrace.
 *
 * Only for the thread that traces, like all of trace/tracees.h: so it reads maps itself, and shares nothing
 * with the watching thread. */
#ifndef TRACE_STOPPED_STACKS_H
#define TRACE_STOPPED_STACKS_H

#include <sys/types.h>

#include "event/event.h"

struct reader;
struct region_attr;
struct stopped_stacks;
struct unwind_mapping;

struct stopped_stack {
	uint64_t ips[STACK_MAX]; /* as event_stack's */
	size_t count;            /* 0: it could not be read */
	enum stack_end end;
	size_t deduced; /* as event_stack's */
};

/* The file that code in a region comes from, for an unwinder; false if there is none. For all kinds of
 * stacks, and callable from any thread. */
bool stopped_stacks_map_code(struct reader *, const struct region_attr *, struct unwind_mapping *);

/* Copies code that belongs to no file, for an unwinder, as unwind_files has it. */
ptrdiff_t stopped_stacks_copy_code(struct reader *, const struct region_attr *, uint64_t address,
				   uint8_t *bytes, size_t size);

/* Opens nothing before the first stack is wanted. The caller ends it with stopped_stacks_destroy. */
struct stopped_stacks *stopped_stacks_create(pid_t pid);
void stopped_stacks_destroy(struct stopped_stacks *); /* NULL is fine */
/* The stack of a stopped thread. For a 32-bit program only the instruction, as a cut stack. */
void stopped_stacks_get(struct stopped_stacks *, pid_t tid, struct stopped_stack *);

#endif
