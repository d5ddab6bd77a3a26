/* Does an aarch64 instruction read or write memory? A part of symbol/instruction.h. */
#ifndef SYMBOL_INSTRUCTION_ARM64_H
#define SYMBOL_INSTRUCTION_ARM64_H

#include <capstone.h>

#include "event/event.h"

/* The access of an instruction that Capstone has decoded; FAULT_ACCESS_UNKNOWN as in instructions_access. */
enum fault_access instruction_arm64_access(const cs_insn *);

#endif
