/* The times of faults as magnitudes, which compress well, and the bits below, which do not.
 *
 * A magnitude is a number with its two bits below the top one, a byte:
 *
 *     0..7        itself
 *     1 ab x...   e bits x:  (e + 1) * 4 + ab, and x among the bits
 *     252         backwards: the magnitude that follows is what time went back */
#ifndef STORE_TIME_COLUMN_H
#define STORE_TIME_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/bytes.h"

/* Starts from zeroes; it either writes or reads. */
struct time_column {
	uint64_t time_ns; /* of the fault before */
	int64_t *times;   /* differences; their unit is known only at the end */
	size_t count, cap;
	uint64_t unit; /* ns */
	uint64_t bits; /* not a byte yet, or the rest of one */
	unsigned bit_count;
};

/* Between blocks. */
void time_column_reset(struct time_column *);
void time_column_fini(struct time_column *);
/* Adds a time. */
void time_column_put(struct time_column *, uint64_t time_ns);
/* Appends all times. Returns their unit in ns. */
uint64_t time_column_finish(struct time_column *, struct strbuf *magnitudes, struct strbuf *bits);
/* Begins reading times with this unit, in ns. */
void time_column_begin(struct time_column *, uint64_t unit);
/* Reads the next time; false if the bytes are malformed. */
bool time_column_get(struct time_column *, struct cursor *magnitudes, struct cursor *bits, uint64_t *time_ns);

#endif
