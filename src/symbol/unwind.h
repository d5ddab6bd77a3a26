/* From a thread's registers and the top of its stack, as they were when sampled, to the functions that it was
 * in: offline unwinding, by the tables in the mapped files.
 *
 *     sampled                         found
 *     rip 55d2c0a4f1c2                55d2c0a4f1c2   the instruction itself
 *     rsp 7ffd00001000                55d2c0a4f29f   a caller: within the call
 *     2 KiB from rsp on               7f12a402724c   ...
 *
 * There are two unwinders with the same table of operations: one for samples, and one for stopped threads;
 * only the latter reads the process. Files come from the caller. */
#ifndef SYMBOL_UNWIND_H
#define SYMBOL_UNWIND_H

#include "event/event.h"
#include "symbol/unwind_files.h"
#include "symbol/unwind_sample.h"

struct unwinder;

struct unwinder_ops {
	/* One for each process; NULL if it cannot unwind on this machine. */
	struct unwinder *(*create)(const struct unwind_files *);
	/* Fills ips, which has room for `max`, STACK_MAX at most, innermost first: ips[0] is the instruction
	 * itself; for a caller it is the return address less one, for a frame interrupted by a signal, the
	 * instruction. At least 1 for a sample; 0: the thread is not stopped. */
	struct event_stack (*unwind)(struct unwinder *, const struct unwind_sample *, uint64_t *ips,
				     size_t max);
	/* Forgets the files: others may be mapped now. */
	void (*flush)(struct unwinder *);
	void (*destroy)(struct unwinder *); /* NULL is fine */
};

extern const struct unwinder_ops unwinder_libunwind;
/* For a stopped thread: its whole stack, read by ptrace, so only the tracing thread may call it. No stack frames: it
 * is not stopped. */
extern const struct unwinder_ops unwinder_stopped;

#endif
