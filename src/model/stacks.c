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
#define SIZE_MIN 256

static uint64_t hash_words(const uint64_t *words, size_t n)
{
	uint64_t hash = n;

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ words[i]) * UINT64_C(0x9e3779b97f4a7c15) + (hash >> 29);
	return hash ^ hash >> 32;
}

static size_t words_of(const struct stacks *s, uint32_t number)
{
	return 1 + (size_t)(s->words[number - 1] >> 1);
}

static uint32_t *slot_of(const struct stacks *s, const uint64_t *words, size_t n)
{
	size_t at = hash_words(words, n) & (s->size - 1);

	for (;; at = (at + 1) & (s->size - 1)) {
		uint32_t number = s->slots[at];

		if (!number ||
		    (words_of(s, number) == n && !memcmp(s->words + number - 1, words, n * sizeof *words)))
			return &s->slots[at];
	}
}

static void grow(struct stacks *s)
{
	uint32_t *old = s->slots;
	size_t old_size = s->size;

	s->size = old_size ? 2 * old_size : SIZE_MIN;
	s->slots = mem_zalloc(s->size * sizeof *s->slots);
	for (size_t i = 0; i < old_size; i++)
		if (old[i])
			*slot_of(s, s->words + old[i] - 1, words_of(s, old[i])) = old[i];
	free(old);
}

uint32_t stacks_add(struct stacks *s, const struct event_stack *stack)
{
	size_t count = stack->count < STACK_MAX ? stack->count : STACK_MAX, n = 1 + count;
	uint64_t words[1 + STACK_MAX];
	uint32_t *slot;

	if (!count)
		return 0;
	words[0] = (uint64_t)count << 1 | (stack->cut || count < stack->count);
	memcpy(words + 1, stack->ips, count * sizeof *words);
	if (2 * (s->count + 1) > s->size)
		grow(s);
	slot = slot_of(s, words, n);
	if (*slot || s->len + n > WORDS_MAX)
		return *slot;
	mem_grow(s->words, s->cap, s->len + n);
	memcpy(s->words + s->len, words, n * sizeof *words);
	*slot = (uint32_t)s->len + 1;
	s->len += n;
	s->count++;
	return *slot;
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
	if (s->slots) {
		copy.slots = mem_alloc(s->size * sizeof *copy.slots);
		memcpy(copy.slots, s->slots, s->size * sizeof *copy.slots);
	}
	return copy;
}

void stacks_fini(struct stacks *s)
{
	free(s->words);
	free(s->slots);
	*s = (struct stacks){ 0 };
}
