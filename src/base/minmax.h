/* Minimum, maximum and clamp for any arithmetic types: each argument is evaluated once, and two of different
 * types are converted as they are for `a < b`. */
#ifndef BASE_MINMAX_H
#define BASE_MINMAX_H

#define MINMAX_DEFINE(type, name)                                                                            \
	static inline type min_##name(type a, type b)                                                        \
	{                                                                                                    \
		return a < b ? a : b;                                                                        \
	}                                                                                                    \
	static inline type max_##name(type a, type b)                                                        \
	{                                                                                                    \
		return a > b ? a : b;                                                                        \
	}                                                                                                    \
	static inline type clamp_##name(type value, type low, type high)                                     \
	{                                                                                                    \
		return value < low || high < low ? low : value > high ? high : value;                        \
	}

MINMAX_DEFINE(int, int)
MINMAX_DEFINE(unsigned, unsigned)
MINMAX_DEFINE(long, long)
MINMAX_DEFINE(unsigned long, unsigned_long)
MINMAX_DEFINE(long long, long_long)
MINMAX_DEFINE(unsigned long long, unsigned_long_long)
MINMAX_DEFINE(double, double)

/* clang-format off */
#define MINMAX_OF(what, type_of)                                                                             \
	_Generic((type_of),                                                                                  \
		int: what##_int,                                                                             \
		unsigned: what##_unsigned,                                                                   \
		long: what##_long,                                                                           \
		unsigned long: what##_unsigned_long,                                                         \
		long long: what##_long_long,                                                                 \
		unsigned long long: what##_unsigned_long_long,                                               \
		double: what##_double)
/* clang-format on */

#define min(a, b) MINMAX_OF(min, (a) + (b))((a), (b))
#define max(a, b) MINMAX_OF(max, (a) + (b))((a), (b))
/* The nearest value in [low, high]; low if that is empty. */
#define clamp(value, low, high) MINMAX_OF(clamp, (value) + (low) + (high))((value), (low), (high))

#endif
