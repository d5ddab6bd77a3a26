/* What share of faults has its stack taken. A stack costs the program about as much as everything else that
 * is recorded of a fault, so when faults are many only some stacks are taken. Every fault is still reported.
 * Pure.
 *
 * It works like a token bucket that fills at a steady rate. A program that starts, or has a short burst of
 * faults, gets all its stacks; one that keeps faulting empties the bucket, and then gets as many as flow
 * in. */
#ifndef LIVE_STACK_RATE_H
#define LIVE_STACK_RATE_H

#include <stdbool.h>
#include <stdint.h>

#define STACK_RATE_STORE 20000     /* stacks */
#define STACK_RATE_PER_SECOND 5000 /* come in */
#define STACK_RATE_STEP 4
#define STACK_RATE_EVERY_MAX 256
#define STACK_RATE_ASKED_MAX 1000000 /* the most that may be asked for */

struct stack_rate {
	uint32_t every; /* one fault in so many has its stack taken */
	bool fixed;     /* as it was asked for */
	int64_t left;   /* tokens in the bucket */
};

/* `asked`: always one in so many; 0: adjusted to how fast faults come. */
void stack_rate_init(struct stack_rate *, uint32_t asked);
/* One fault in so many has its stack taken; and whether that was asked for. */
uint32_t stack_rate_every(const struct stack_rate *);
bool stack_rate_is_fixed(const struct stack_rate *);
/* Adjusts `every` after this many faults in a span of time, and returns it. */
uint32_t stack_rate_note(struct stack_rate *, uint64_t faults, uint64_t span_ns);

#endif
