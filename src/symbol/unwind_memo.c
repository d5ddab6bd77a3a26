/* A hash table by instruction and stack pointer, two slots for each; the newer pushes out the older.
 * An entry's words: the registers that were read, in order; the offset and the value of each word of
 * the stack; the instructions; their stack frames. */
#include "symbol/unwind_memo.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define SLOTS 2048
#define USES 16 /* how often a stack that lacked tables is reused, because they may be known later */
_Static_assert(sizeof(struct unwind_frame) == 2 * sizeof(uint64_t), "two words");

struct memo_entry {
	uint64_t ip, sp;
	size_t length; /* of the sample */
	uint64_t regs;
	uint16_t reg_count, reads, frames;
	uint16_t end; /* enum stack_end */
	uint16_t deduced;
	uint16_t uses;   /* how often it may still be used, for one without tables */
	uint64_t *words; /* NULL: a free slot */
};

struct unwind_memo {
	bool any;
	struct memo_entry entries[SLOTS];
};

struct unwind_memo *unwind_memo_create(void)
{
	return mem_zalloc(sizeof(struct unwind_memo));
}

void unwind_memo_flush(struct unwind_memo *memo)
{
	if (!memo->any)
		return;
	for (size_t i = 0; i < SLOTS; i++)
		free(memo->entries[i].words);
	memset(memo, 0, sizeof *memo);
}

void unwind_memo_destroy(struct unwind_memo *memo)
{
	if (memo)
		unwind_memo_flush(memo);
	free(memo);
}

/* The first of the two slots. */
static size_t slot_of(const struct unwind_sample *s)
{
	uint64_t mixed = (s->regs[UNWIND_REG_IP] ^ s->regs[UNWIND_REG_SP] * UINT64_C(0x9e3779b97f4a7c15)) *
			 UINT64_C(0xd6e8feb86659fd93);

	return (size_t)(mixed >> 40) & (SLOTS - 2);
}

static bool is_same(const struct memo_entry *e, const struct unwind_sample *s)
{
	const uint64_t *word = e->words;

	/* one that was cut short may go on if there is more to read */
	if (!word || e->ip != s->regs[UNWIND_REG_IP] || e->sp != s->regs[UNWIND_REG_SP] ||
	    (e->length != s->length && (e->end != STACK_WHOLE || e->length > s->length)))
		return false;
	for (uint64_t regs = e->regs; regs; regs &= regs - 1)
		if (*word++ != s->regs[__builtin_ctzll(regs)])
			return false;
	for (size_t i = 0; i < e->reads; i++, word += 2)
		if (memcmp(s->stack + word[0], &word[1], sizeof *word) != 0)
			return false;
	return true;
}

bool unwind_memo_find(struct unwind_memo *memo, const struct unwind_sample *s, uint64_t *ips,
		      struct unwind_frame *frames, size_t max, struct event_stack *stack)
{
	for (size_t i = slot_of(s), end = i + 2; i < end; i++) {
		struct memo_entry *e = &memo->entries[i];

		if (!is_same(e, s) || e->frames > max || (e->end == STACK_TOO_DEEP && e->frames != max))
			continue;
		if (e->end == STACK_NO_TABLES && ++e->uses == USES)
			return false;
		const uint64_t *words = e->words + e->reg_count + 2 * (size_t)e->reads;
		memcpy(ips, words, e->frames * sizeof *ips);
		memcpy(frames, words + e->frames, e->frames * sizeof *frames);
		*stack = (struct event_stack){ ips, e->frames, (enum stack_end)e->end, e->deduced };
		return true;
	}
	return false;
}

void unwind_memo_add(struct unwind_memo *memo, const struct unwind_sample *s,
		     const struct unwind_trace *trace, const struct event_stack *stack,
		     const struct unwind_frame *frames)
{
	struct memo_entry *e = &memo->entries[slot_of(s)];
	unsigned regs = (unsigned)__builtin_popcountll(trace->regs);
	size_t count = stack->count;

	if (trace->count > UNWIND_MEMO_READS_MAX || count > UNWIND_MEMO_FRAMES_MAX)
		return;
	memo->any = true;
	free(e[1].words);
	e[1] = e[0];
	*e = (struct memo_entry){ s->regs[UNWIND_REG_IP],
				  s->regs[UNWIND_REG_SP],
				  s->length,
				  trace->regs,
				  (uint16_t)regs,
				  (uint16_t)trace->count,
				  (uint16_t)count,
				  (uint16_t)stack->end,
				  (uint16_t)stack->deduced,
				  0,
				  NULL };
	uint64_t *word = e->words = mem_alloc((regs + 2 * trace->count + 3 * count) * sizeof *word);
	for (uint64_t left = trace->regs; left; left &= left - 1)
		*word++ = s->regs[__builtin_ctzll(left)];
	for (size_t i = 0; i < trace->count; i++, word += 2) {
		word[0] = trace->at[i];
		memcpy(&word[1], s->stack + trace->at[i], sizeof *word);
	}
	memcpy(word, stack->ips, count * sizeof *word);
	memcpy(word + count, frames, count * sizeof *frames);
}
