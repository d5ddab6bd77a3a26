/* The smaller, the greater, and the nearest within bounds. */
#ifndef BASE_MINMAX_H
#define BASE_MINMAX_H

#include <stdint.h>

static inline uint64_t min_u64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static inline uint64_t max_u64(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* The nearest value in [low, high]; low if that is empty. */
static inline int64_t clamp_i64(int64_t value, int64_t low, int64_t high)
{
	return value < low || high < low ? low : value > high ? high : value;
}

static inline int clamp_int(int value, int low, int high)
{
	return (int)clamp_i64(value, low, high);
}

#endif
