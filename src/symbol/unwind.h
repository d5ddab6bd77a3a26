/* From a thread's registers and the top of its stack, as they were when sampled, to the functions
 * that it was in: unwinding offline, by the tables in the files that are mapped.
 *
 *     sampled                         found
 *     rip 55d2c0a4f1c2                55d2c0a4f1c2   the instruction itself
 *     rsp 7ffd00001000                55d2c0a4f29f   a caller: within its call
 *     2 KiB from rsp on               7f12a402724c   ...
 *
 * It stands behind a small table of functions, so that there can be several unwinders. Only the one
 * for stopped threads reads the process; files come from a function of the caller's. */
#ifndef SYMBOL_UNWIND_H
#define SYMBOL_UNWIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/event.h"

/* A stretch of the process's addresses where a file's bytes lie. */
struct unwind_mapping {
	uint64_t start, end;
	uint64_t offset;      /* of start, in the file */
	int fd;               /* the file's, which the unwinder takes over; -1: see bytes */
	const uint8_t *bytes; /* or the whole file in memory, for as long as the unwinder lives */
	size_t size;
};

/* Finds the file that is mapped at an address of code: false if there is none, or none that can be
 * read. */
struct unwind_files {
	bool (*find)(void *context, uint64_t address, struct unwind_mapping *);
	/* Copies code that is of no file from an address on: how many bytes, 0 if it cannot be read; -1:
	 * no code is there. */
	ptrdiff_t (*code)(void *context, uint64_t address, uint8_t *bytes, size_t size);
	void *context;
};

#define UNWIND_REGS 17
struct unwind_sample {
	uint64_t
	    regs[UNWIND_REGS]; /* by DWARF's numbers for x86-64: rax rdx rcx rbx rsi rdi rbp rsp r8-r15 rip */
	uint32_t known;        /* a bit for each that is known; rip and rsp have to be */
	const uint8_t *stack;  /* what stood from rsp on */
	size_t length;
	int32_t tid;  /* whose it is; unwinder_stopped looks at this and at top alone */
	uint64_t top; /* where the stack pointer stood when the program began: no frame lies there
	                             * or above; 0: not known. The same until the next flush. */
};

struct unwinder;

struct unwinder_ops {
	/* One for each process; NULL if it cannot unwind on this machine. */
	struct unwinder *(*create)(const struct unwind_files *);
	/* Fills ips, which has room for `max`, STACK_MAX at most, innermost first: ips[0] is the
	 * instruction itself, a caller's is the return address less one, that of a frame interrupted by
	 * a signal the instruction. At least 1 comes of a sample; 0: the thread is not stopped. */
	struct event_stack (*unwind)(struct unwinder *, const struct unwind_sample *, uint64_t *ips,
				     size_t max);
	/* Other files may be mapped now. */
	void (*flush)(struct unwinder *);
	void (*destroy)(struct unwinder *); /* NULL is none */
};

extern const struct unwinder_ops unwinder_libunwind;
/* For a stopped thread: all of its stack, read by ptrace, so only to be called by the thread that
 * traces it. 0 frames: it is not stopped. */
extern const struct unwinder_ops unwinder_stopped;

#endif
