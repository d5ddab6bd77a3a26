/* A thread as it was at one moment: its registers, and the top of its stack. */
#ifndef SYMBOL_UNWIND_SAMPLE_H
#define SYMBOL_UNWIND_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

/* Registers by DWARF's numbers, and the instruction's address by libunwind's:
 *
 *     x86-64    rax rdx rcx rbx rsi rdi rbp rsp r8-r15 rip
 *     aarch64   x0-x30 sp pc */
#define UNWIND_REGS_MAX 33
#ifdef __aarch64__
#define UNWIND_REGS 33
#define UNWIND_REG_SP 31
#define UNWIND_REG_IP 32
#else
#define UNWIND_REGS 17
#define UNWIND_REG_SP 7
#define UNWIND_REG_IP 16
#endif

struct unwind_sample {
	uint64_t regs[UNWIND_REGS];
	uint64_t known;       /* a bit for each register that is known; the last two above have to be */
	const uint8_t *stack; /* what was on the stack from its pointer on */
	size_t length;
	int32_t tid; /* the thread; unwinder_stopped uses only this and `top` */
	uint64_t
	    top; /* where the stack pointer was when the program began: no stack frame is there or above; 0: not known. Must not change before the next flush. */
};

#endif
