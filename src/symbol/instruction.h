/* Does an x86 instruction read or write memory? For faults of which the kernel does not report it. */
#ifndef SYMBOL_INSTRUCTION_H
#define SYMBOL_INSTRUCTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/event.h"

#define INSTRUCTION_BYTES 15 /* no instruction is longer */

struct instructions;

/* NULL where the decoder cannot be had. */
struct instructions *instructions_create(void);
void instructions_destroy(struct instructions *); /* NULL is fine */

/* What the instruction that these bytes begin with does with its data: FAULT_READ, or FAULT_WRITE, which
 * it also is where it reads what it then writes. FAULT_ACCESS_UNKNOWN where it touches no memory, or
 * several places in different ways, and where the bytes are no instruction that is known here. `wide`:
 * code of 64 bits, else of 32. */
enum fault_access instructions_access(struct instructions *, const uint8_t *bytes, size_t count, bool wide);

#endif
