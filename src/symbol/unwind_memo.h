/* A cache of unwound stacks. A program touches most pages from the same few instructions, and if everything
 * that unwinding read is the same, so is the result. An entry has the registers and the words of the stack
 * that were read, with their values, so no two stacks are confused. Files are assumed to be the same until
 * the memo is flushed. */
#ifndef SYMBOL_UNWIND_MEMO_H
#define SYMBOL_UNWIND_MEMO_H

#include <stdbool.h>

#include "symbol/unwind_outer.h"
#include "symbol/unwind_sample.h"

#define UNWIND_MEMO_READS_MAX 512
#define UNWIND_MEMO_FRAMES_MAX 128

/* What one unwinding has read. */
struct unwind_trace {
	uint64_t regs;                      /* a bit for each register */
	size_t count;                       /* more than UNWIND_MEMO_READS_MAX: too many to keep */
	uint32_t at[UNWIND_MEMO_READS_MAX]; /* offsets in the sample's stack, of eight bytes each */
};

struct unwind_memo;

/* Empty. The caller frees it with unwind_memo_destroy. */
struct unwind_memo *unwind_memo_create(void);
void unwind_memo_destroy(struct unwind_memo *);
void unwind_memo_flush(struct unwind_memo *);
/* Fills in ips, at most `max`, and their stack frames. False: the stack is not in the cache. */
bool unwind_memo_find(struct unwind_memo *, const struct unwind_sample *, uint64_t *ips,
		      struct unwind_frame *frames, size_t max, struct event_stack *);
void unwind_memo_add(struct unwind_memo *, const struct unwind_sample *, const struct unwind_trace *,
		     const struct event_stack *, const struct unwind_frame *frames);

#endif
