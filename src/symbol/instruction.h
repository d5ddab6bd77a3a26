/* Does an instruction of x86 or aarch64 read or write memory? For faults whose access the kernel does not
 * report. */
#ifndef SYMBOL_INSTRUCTION_H
#define SYMBOL_INSTRUCTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/event.h"

#define INSTRUCTION_BYTES 15 /* no instruction is longer */

/* The processor that code is for. */
enum instructions_kind { INSTRUCTIONS_X86, INSTRUCTIONS_X86_64, INSTRUCTIONS_AARCH64, INSTRUCTIONS_KINDS };

struct instructions;

/* Opens a decoder; NULL if there is none. The caller ends it with instructions_destroy. */
struct instructions *instructions_create(void);
void instructions_destroy(struct instructions *); /* NULL is fine */

/* What the instruction at the beginning of these bytes does with its data: FAULT_READ, or FAULT_WRITE, also
 * if it reads what it then writes. FAULT_ACCESS_UNKNOWN if it touches no memory, or several addresses in
 * different ways, or if the bytes are not a known instruction. */
enum fault_access instructions_access(struct instructions *, const uint8_t *bytes, size_t count,
				      enum instructions_kind);
/* Is the instruction that was decoded last a copying one of x86 (movs), which reads at rsi and writes at
 * rdi? */
bool instructions_copies(const struct instructions *);
/* The registers before an instruction of 64-bit code, by DWARF's numbers: rax rdx rcx rbx rsi rdi rbp rsp r8-r15 rip. */
#define INSTRUCTION_REGS 17
/* How the instruction that was decoded last touches an address. FAULT_ACCESS_UNKNOWN also if, according to
 * the registers, it does not: then it is not the instruction that faulted. */
enum fault_access instructions_touch(const struct instructions *,
				     const uint64_t regs[static INSTRUCTION_REGS], uint64_t address);

#endif
