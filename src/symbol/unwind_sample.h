/* A thread as it was at one moment: its registers, and the top of its stack. */
#ifndef SYMBOL_UNWIND_SAMPLE_H
#define SYMBOL_UNWIND_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

/* Registers by DWARF's numbers for x86-64: rax rdx rcx rbx rsi rdi rbp rsp r8-r15 rip. */
#define UNWIND_REGS 17
#define UNWIND_REG_SP 7
#define UNWIND_REG_IP 16

struct unwind_sample {
	uint64_t regs[UNWIND_REGS];
	uint32_t known;       /* a bit for each register that is known; rip and rsp have to be */
	const uint8_t *stack; /* what was on the stack from rsp on */
	size_t length;
	int32_t tid;  /* the thread; unwinder_stopped only looks at this and at top */
	uint64_t top; /* where the stack pointer was when the program began: no frame lies there or above;
		       * 0: not known. The same until the next flush. */
};

#endif
