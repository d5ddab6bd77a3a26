/* Which system calls change a process's memory, by their numbers. Pure. */
#ifndef KERN_MEMCALL_H
#define KERN_MEMCALL_H

#include <stdbool.h>
#include <stdint.h>

#include "event/call.h"

/* Fills in kind and arguments, and clears the rest; false if the call does not change memory. `narrow`: the
 * number is that of a 32-bit x86 program, which has its own numbers. */
bool memcall_decode(struct event_call *, uint64_t number, const uint64_t args[static CALL_ARGS], bool narrow);

#endif
