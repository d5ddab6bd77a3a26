/* One array holds them all. A stack's number is the index of its first word, plus one:
 *
 *     words   [2 frames, cut] [ip] [ip]  [3 frames] [ip] [ip] [ip]
 *     number   1                             4
 */
#include "model/stacks.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/minmax.h"

#define WORDS_MAX ((size_t)1 << 23) /* 64 MiB */

/* A stack's first word. */
#define COUNT_BITS 8
#define END_BITS 8
_Static_assert(STACK_MAX < 1 << COUNT_BITS && STACK_ENDS <= 1 << END_BITS, "they fit");

static uint64_t head_of(const struct event_stack *stack)
{
	bool whole = stack->count <= STACK_MAX;
	enum stack_end end = whole ? stack->end : STACK_TOO_DEEP;
	size_t left_out = whole ? 0 : stack->count - STACK_MAX;
	uint64_t deduced = stack->deduced > left_out ? stack->deduced - left_out : 0;

	return (whole ? stack->count : STACK_MAX) | (uint64_t)end << COUNT_BITS |
	       deduced << (COUNT_BITS + END_BITS);
}

/* The first word says how many there are. */
static bool is(const struct stacks *s, uint32_t number, const uint64_t *words, size_t n)
{
	return s->words[number - 1] == words[0] && !memcmp(s->words + number - 1, words, n * sizeof *words);
}

uint32_t stacks_add(struct stacks *s, const struct event_stack *stack)
{
	size_t count = min(stack->count, STACK_MAX), n = 1 + count;
	uint64_t words[1 + STACK_MAX];
	struct hash_iter iter;
	uint32_t hash, number;

	if (!count)
		return 0;
	words[0] = head_of(stack);
	memcpy(words + 1, stack->ips, count * sizeof *words);
	hash = hash_words(words, n);
	iter = hash_iter(&s->hash, hash);
	while ((number = hash_next(&iter)) && !is(s, number, words, n))
		;
	if (number || s->len + n > WORDS_MAX)
		return number;
	mem_grow(s->words, s->cap, s->len + n);
	memcpy(s->words + s->len, words, n * sizeof *words);
	number = (uint32_t)s->len + 1;
	s->len += n;
	hash_add(&s->hash, hash, number);
	return number;
}

struct event_stack stacks_get(const struct stacks *s, uint32_t number)
{
	if (!number || number > s->len)
		return (struct event_stack){ 0 };
	uint64_t head = s->words[number - 1];
	return (struct event_stack){
		.ips = s->words + number,
		.count = head & ((1 << COUNT_BITS) - 1),
		.end = (enum stack_end)(head >> COUNT_BITS & ((1 << END_BITS) - 1)),
		.deduced = head >> (COUNT_BITS + END_BITS),
	};
}

struct stacks stacks_copy(const struct stacks *s)
{
	struct stacks copy = *s;

	copy.words = mem_copy(s->words, s->cap * sizeof *copy.words);
	copy.hash = hash_copy(&s->hash);
	return copy;
}

void stacks_fini(struct stacks *s)
{
	free(s->words);
	hash_fini(&s->hash);
	*s = (struct stacks){ 0 };
}
