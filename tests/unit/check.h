/* cmocka, with the headers that it needs before it. */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <unistd.h>

/* Of this machine. */
#define PAGE_BYTES ((size_t)sysconf(_SC_PAGESIZE))
#define PAGE_SHIFT ((unsigned)__builtin_ctzl(PAGE_BYTES))

/* A small generator, so that a failing sequence is the same everywhere. */
static inline uint32_t check_random(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*state >> 33);
}

#endif
