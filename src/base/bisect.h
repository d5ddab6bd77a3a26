/* Binary search in anything that has numbered places. */
#ifndef BASE_BISECT_H
#define BASE_BISECT_H

#include <stddef.h>

/* Sets `at`, a size_t, to the first place of [from, to) that is not before what is looked for; `to`: all are.
 * `is_before` is an expression that uses `at`: true for the first places, then false for all others.
 *
 *     bisect(at, 0, count, list[at].end <= address);    the first that ends after the address
 *     bisect(at, 0, count, list[at].start <= address);  one past the last that begins at or below it */
#define bisect(at, from, to, is_before)                                                                      \
	do {                                                                                                 \
		size_t low_ = (from), high_ = (to);                                                          \
                                                                                                             \
		while (low_ < high_) {                                                                       \
			(at) = low_ + (high_ - low_) / 2;                                                    \
			if (is_before)                                                                       \
				low_ = (at) + 1;                                                             \
			else                                                                                 \
				high_ = (at);                                                                \
		}                                                                                            \
		(at) = low_;                                                                                 \
	} while (0)

#endif
