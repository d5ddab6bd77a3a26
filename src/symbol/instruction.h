/* Does an x86 instruction read or write memory? For faults whose access the kernel does not report. */
#ifndef SYMBOL_INSTRUCTION_H
#define SYMBOL_INSTRUCTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/event.h"

#define INSTRUCTION_BYTES 15 /* no instruction is longer */

struct instructions;

/* NULL if there is no decoder. */
struct instructions *instructions_create(void);
void instructions_destroy(struct instructions *); /* NULL is fine */

/* What the instruction at the beginning of these bytes does with its data: FAULT_READ, or FAULT_WRITE, also
 * if it reads what it then writes. FAULT_ACCESS_UNKNOWN if it touches no memory, or several addresses in
 * different ways, or if the bytes are not an instruction that is known here. `wide`: 64-bit code, else
 * 32-bit. */
enum fault_access instructions_access(struct instructions *, const uint8_t *bytes, size_t count, bool wide);

#endif
