/* One array holds them all, and a stack's number is the place of its first word, plus one:
 *
 *     words   [5: 2 frames, cut] [ip] [ip]  [6: 3 frames] [ip] [ip] [ip]
 *     number   1                             4
 */
#include "model/stacks.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define WORDS_MAX ((size_t)1 << 23) /* 64 MiB */
static size_t words_of(const struct stacks *s, uint32_t number)
{
	return 1 + (size_t)(s->words[number - 1] >> 1);
}

/* The first word says how many there are. */
static bool is(const struct stacks *s, uint32_t number, const uint64_t *words, size_t n)
{
	return s->words[number - 1] == words[0] && !memcmp(s->words + number - 1, words, n * sizeof *words);
}

uint32_t stacks_add(struct stacks *s, const struct event_stack *stack)
{
	size_t count = stack->count < STACK_MAX ? stack->count : STACK_MAX, n = 1 + count;
	uint64_t words[1 + STACK_MAX];
	struct hash_iter iter;
	uint32_t hash, number;

	if (!count)
		return 0;
	words[0] = (uint64_t)count << 1 | (stack->cut || count < stack->count);
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
	return (struct event_stack){
		.ips = s->words + number,
		.count = words_of(s, number) - 1,
		.cut = s->words[number - 1] & 1,
	};
}

struct stacks stacks_copy(const struct stacks *s)
{
	struct stacks copy = *s;

	if (s->words) {
		copy.words = mem_alloc(s->cap * sizeof *copy.words);
		memcpy(copy.words, s->words, s->len * sizeof *copy.words);
	}
	copy.hash = hash_copy(&s->hash);
	return copy;
}

void stacks_fini(struct stacks *s)
{
	free(s->words);
	hash_fini(&s->hash);
	*s = (struct stacks){ 0 };
}
