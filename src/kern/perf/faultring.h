/* The bytes of a perf ring, as records of page faults. Pure: bytes in, records out. */
#ifndef KERN_PERF_FAULTRING_H
#define KERN_PERF_FAULTRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/event.h"

/* A fault that was handled: the page is there when the record is written. */
struct fault_record {
	uint64_t time_ns; /* CLOCK_MONOTONIC */
	uint64_t address; /* the address that was touched */
	uint64_t ip;      /* the instruction that touched it */
	uint64_t id;      /* of the perf event that counted it */
	int32_t pid, tid;
	size_t more;     /* where in the batch's bytes the rest of what the event samples begins, */
	uint32_t length; /* and how long it is */
	/* not in the record's bytes, but known from its ring and from other records */
	bool major;
	bool unsampled; /* its stack was deliberately not sampled */
	bool has_code;
	uint32_t code;      /* the processor's error code */
	bool swaps;         /* the machine's swap was in use at about that time, or that is not known */
	uint64_t forked_ns; /* when the process last forked before it; 0: that was not seen */
	uint64_t after_ns;  /* it began after this, when its thread did something else; 0: not known */
	/* what its instruction does, if the code is in no file: 1 + enum fault_access; 0: not looked up
	 * yet */
	uint8_t decoded;
	uint8_t
	    held; /* who else held the page when it was drained: 1 + enum kin_held; 0: not looked up yet */
};

/* Bits of the processor's error code (x86). */
enum fault_code {
	FAULT_CODE_PRESENT = 1 << 0, /* the page was there, but did not allow this access */
	FAULT_CODE_WRITE = 1 << 1,
	FAULT_CODE_USER = 1 << 2,
	FAULT_CODE_EXEC = 1 << 4,
};

static inline enum fault_access fault_code_access(uint32_t code)
{
	return code & FAULT_CODE_EXEC ? FAULT_EXEC : code & FAULT_CODE_WRITE ? FAULT_WRITE : FAULT_READ;
}

/* What happened to a process. */
enum fault_task_kind {
	FAULT_TASK_FORK,   /* it forked `child` */
	FAULT_TASK_THREAD, /* it started a thread */
	FAULT_TASK_EXIT,   /* one of its threads ended; with the last one it ended */
	FAULT_TASK_EXEC,   /* it became another program, called `name` */
};

#define FAULT_TASK_NAME_MAX 16 /* the kernel has no longer ones */

struct fault_task {
	uint64_t time_ns;
	enum fault_task_kind kind;
	int32_t pid, child;
	int32_t tid;     /* of the thread that forked */
	int32_t own_tid; /* of the thread that began, ended, or became another program */
	uint64_t event;  /* which event reported it */
	char name[FAULT_TASK_NAME_MAX];
};

/* Memory that a thread of the process mapped (mmap, brk, shmat, exec) or whose rights it changed (mprotect).
 * The kernel does not report unmapping. */
struct fault_mapping {
	uint64_t time_ns;
	int32_t pid;
	struct region_attr attr; /* kind, hugetlb and device are not set; path: owned */
};
void fault_mapping_fini(struct fault_mapping *);

struct fault_batch {
	struct fault_record *records;
	size_t count, cap;
	uint8_t *bytes; /* what `more` points into; aligned for words */
	size_t length, room;
	struct fault_record *deep; /* some of the faults a second time, with more of their stacks */
	size_t deep_count, deep_cap;
	uint64_t lost;            /* faults that the ring had no room for */
	struct fault_task *tasks; /* all that lay between the faults */
	size_t task_count, task_cap;
	struct fault_mapping *mappings; /* all that lay between the faults */
	size_t mapping_count, mapping_cap;
};
/* What the event sampled in addition to the record, `length` bytes; NULL if nothing. */
static inline const uint8_t *fault_batch_sampled(const struct fault_batch *batch,
						 const struct fault_record *r)
{
	return r->length ? batch->bytes + r->more : NULL;
}
/* Empties it. Its memory stays, except what it has hardly used. */
void fault_batch_clear(struct fault_batch *);
void fault_batch_fini(struct fault_batch *);

/* [tail, head) of a ring of `size` bytes, a power of two. Positions only grow; the remainder by its size is
 * the position in the ring. */
struct faultring {
	const uint8_t *bytes;
	size_t size;
	uint64_t tail, head;
};

#define FAULTRING_END UINT64_MAX

/* Moves the tail to the next fault and returns its time; FAULTRING_END: there is none. Other records before
 * it are consumed: lost ones are added to the batch's count, tasks and mappings to its lists. A malformed
 * record ends the ring and counts as one lost. */
uint64_t faultring_next(struct faultring *, struct fault_batch *);
/* Appends the fault at the tail, which faultring_next has found, and moves past it. */
void faultring_take(struct faultring *, struct fault_batch *);
/* Appends all of them. */
void faultring_take_all(struct faultring *, struct fault_batch *);

/* The thread's registers, and the top of its stack, when it touched the page. The mask is in perf's register
 * numbers: callee-saved registers and what else unwinding needs; on x86 all, so that the address that an
 * instruction touches can be computed. */
#ifdef __aarch64__
#define FAULTRING_REGS 33
#define FAULTRING_REG_SP 31
#define FAULTRING_REGS_MASK UINT64_C(0x1fff80000) /* x19-x30, sp, pc */
#else
#define FAULTRING_REGS 17
#define FAULTRING_REG_SP 7
#define FAULTRING_REGS_MASK UINT64_C(0xff01ff)
#endif
struct fault_sample {
	bool wide;      /* 64 bits; otherwise the registers cannot be used here */
	uint64_t known; /* a bit for each register that was sampled */
	uint64_t
	    regs[FAULTRING_REGS]; /* by DWARF's numbers, then the instruction: as in symbol/unwind_sample.h */
	const uint8_t *stack;     /* from the stack pointer on; points into the bytes */
	size_t stack_length;
};
/* Reads them from the sampled bytes; false if there are none. */
bool fault_sample_read(const uint8_t *bytes, size_t length, struct fault_sample *);

/* What the page fault tracepoint reports. fault_trace_read returns false if the bytes are not such a
 * record. */
struct fault_trace {
	uint64_t address;
	uint32_t code;
};
bool fault_trace_read(const uint8_t *bytes, size_t length, struct fault_trace *);

#endif
