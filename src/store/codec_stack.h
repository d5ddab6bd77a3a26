/* Stacks as bytes: each is given in full once in a block, and then by its place in the order of those. Most
 * share their outer callers with the one given before.
 *
 *     0                                      not taken
 *     1 head common ip...                    a new one
 *     2                                      as the one before in its place (`same`)
 *     n                                      the (n-3)th new one of this block
 *
 * A head is count*2+cut in its low eight bits, then three bits of why it was cut (enum stack_end, whose
 * numbers are the file's), then how many addresses were deduced. */
#ifndef STORE_CODEC_STACK_H
#define STORE_CODEC_STACK_H

#include "event/event.h"
#include "model/stacks.h"
#include "store/bytes.h"

/* Starts from zeroes; reset between blocks. */
struct stack_coder {
	struct stacks stacks; /* those of this block */
	uint32_t *numbers;    /* their numbers in order of arrival */
	size_t count, cap;
	uint64_t ips[STACK_MAX]; /* of the last new one */
	size_t ip_count;
	uint64_t ip; /* that the next new stack's ips are relative to */
};

/* Between blocks. */
void stack_coder_reset(struct stack_coder *);
void stack_coder_fini(struct stack_coder *);

/* *same is 1 + the place of the stack that is likely to come again, or 0; it is updated. New stacks go to
 * `fresh`, which may be `out`. */
void stack_put(struct stack_coder *, struct strbuf *out, struct strbuf *fresh, const struct event_stack *,
	       uint32_t *same);
/* The stack's pointer is valid until the next call. */
void stack_get(struct stack_coder *, struct cursor *in, struct cursor *fresh, struct event_stack *,
	       uint32_t *same);

#endif
