/* From a thread's registers and the top of its stack, as they were at one moment, to the
 * functions that it was in: unwinding offline, by the tables in the files that are mapped.
 *
 *     sampled                         told
 *     rip 55d2c0a4f1c2                55d2c0a4f1c2   the instruction itself
 *     rsp 7ffd00001000                55d2c0a4f29f   a caller: within its call
 *     2 KiB from rsp on               7f12a402724c   ...
 *
 * Behind a small table of functions, so that another unwinder fits. Nothing of the process
 * is read, but by the one for threads that stand: what is needed of files comes through a
 * function of the caller's. */
#ifndef SYMBOL_UNWIND_H
#define SYMBOL_UNWIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A stretch of the process's addresses where a file's bytes lie. */
struct unwind_mapping {
	uint64_t start, end;
	uint64_t offset;      /* of start, in the file */
	int fd;               /* the file's, from now on the unwinder's; -1: see bytes */
	const uint8_t *bytes; /* or the whole file in memory, for as long as the unwinder lives */
	size_t size;
};

/* Whom to ask which file lies at an address of code: false where none does, or none that
 * can be read. */
struct unwind_files {
	bool (*find)(void *context, uint64_t address, struct unwind_mapping *);
	void *context;
};

/* Why there are no more frames. */
enum unwind_end {
	UNWIND_WHOLE,       /* the thread's first function was reached */
	UNWIND_SAMPLE_ENDS, /* there are more, further up than the sample reaches */
	UNWIND_NO_TABLES,   /* there may be more, but the code at hand cannot be unwound */
	UNWIND_TOO_DEEP,    /* there are more than were asked for */
};

#define UNWIND_REGS 17
struct unwind_sample {
	uint64_t
	    regs[UNWIND_REGS]; /* by DWARF's numbers for x86-64: rax rdx rcx rbx rsi rdi rbp rsp r8-r15 rip */
	uint32_t known;        /* a bit for each that is; rip and rsp have to be */
	const uint8_t *stack;  /* what stood from rsp on */
	size_t length;
	int32_t tid;  /* unwinder_stopped looks at this and at top alone: the thread to read */
	uint64_t top; /* where the stack pointer stood when the program began: no frame lies there
	                             * or above; 0: not known. The same until the next flush. */
};

struct unwinder;

struct unwinder_ops {
	/* NULL where it cannot unwind on this machine. One for each process. */
	struct unwinder *(*create)(const struct unwind_files *);
	/* Fills ips, innermost first: ips[0] is the instruction itself, of a caller the return
	 * address less one, of a frame that a signal interrupted the instruction. Returns how
	 * many, at least 1. */
	size_t (*unwind)(struct unwinder *, const struct unwind_sample *, uint64_t *ips, size_t max,
			 enum unwind_end *);
	/* Other files may be mapped now. */
	void (*flush)(struct unwinder *);
	void (*destroy)(struct unwinder *); /* NULL is none */
};

extern const struct unwinder_ops unwinder_libunwind;
/* Of a thread that stands: all of its stack, read by ptrace, so from the thread that traces it
 * and nowhere else. 0 frames: it does not stand. Where tables end, the stack does. */
extern const struct unwinder_ops unwinder_stopped;

#endif
