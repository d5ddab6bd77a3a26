/* System calls that change a process's memory: their names, and their arguments in words.
 * Pure: numbers in, text out. */
#ifndef KERN_MEMCALL_H
#define KERN_MEMCALL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"

struct memcall;

/* NULL where the call does not change memory. `narrow`: of a 32-bit x86 program, which has
 * numbers of its own. */
const struct memcall *memcall_find(uint64_t number, const uint64_t args[6], bool narrow);
const char *memcall_name(const struct memcall *); /* "mmap" */
/* Appends "NULL, 8388608, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0". */
void memcall_print(struct strbuf *, const struct memcall *, const uint64_t args[6], bool narrow);
/* The addresses [*start, *end) that a call which worked was about; false: many, or none. */
bool memcall_range(const struct memcall *, const uint64_t args[6], uint64_t result, uint64_t *start,
		   uint64_t *end);

#endif
