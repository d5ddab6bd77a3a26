#include "store/codec_stack.h"

#include <stdlib.h>

#include "base/mem.h"

enum { STACK_NONE, STACK_NEW, STACK_SAME, STACK_PLACES };

void stack_coder_reset(struct stack_coder *c)
{
	c->count = c->ip_count = 0;
	c->ip = 0;
	stacks_fini(&c->stacks);
}

void stack_coder_fini(struct stack_coder *c)
{
	free(c->numbers);
	stacks_fini(&c->stacks);
	*c = (struct stack_coder){ 0 };
}

/* count where it is not there. */
static size_t place_of(const struct stack_coder *c, uint32_t number)
{
	size_t low = 0, high = c->count; /* numbers grow */

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (c->numbers[middle] < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low < c->count && c->numbers[low] == number ? low : c->count;
}

static void note(struct stack_coder *c, uint32_t number)
{
	mem_grow(c->numbers, c->cap, c->count + 1);
	c->numbers[c->count++] = number;
}

static size_t common_callers(const struct stack_coder *c, const struct event_stack *stack)
{
	size_t n = 0;

	while (n < stack->count && n < c->ip_count &&
	       stack->ips[stack->count - 1 - n] == c->ips[c->ip_count - 1 - n])
		n++;
	return n;
}

static void put_new(struct stack_coder *c, struct strbuf *told, const struct event_stack *stack)
{
	size_t common = common_callers(c, stack);
	uint64_t before = c->ip;

	bytes_put_varint(told, (uint64_t)stack->count << 1 | stack->cut);
	bytes_put_varint(told, common);
	for (size_t i = 0; i < stack->count - common; i++) {
		bytes_put_signed(told, (int64_t)(stack->ips[i] - before));
		before = stack->ips[i];
	}
	for (size_t i = 0; i < stack->count; i++)
		c->ips[i] = stack->ips[i];
	c->ip_count = stack->count;
}

void stack_put(struct stack_coder *c, struct strbuf *out, struct strbuf *told,
	       const struct event_stack *stack, uint32_t *same)
{
	uint32_t number = stacks_add(&c->stacks, stack);
	size_t place = number ? place_of(c, number) : 0;

	if (!number) {
		bytes_put_varint(out, STACK_NONE);
	} else if (place == c->count) {
		struct event_stack kept = stacks_get(&c->stacks, number);

		note(c, number);
		bytes_put_varint(out, STACK_NEW);
		put_new(c, told, &kept);
	} else {
		bytes_put_varint(out, *same == place + 1 ? STACK_SAME : place + STACK_PLACES);
	}
	*same = number ? (uint32_t)place + 1 : *same;
}

static void get_new(struct stack_coder *c, struct cursor *told, struct event_stack *stack)
{
	uint64_t head = bytes_get_bounded(told, STACK_MAX << 1 | 1), before = c->ip;
	size_t count = (size_t)(head >> 1), common = (size_t)bytes_get_bounded(told, count);
	uint64_t ips[STACK_MAX];

	if (common > c->ip_count)
		told->bad = true;
	for (size_t i = 0; i < count && !told->bad; i++) {
		if (i < count - common)
			ips[i] = before += (uint64_t)bytes_get_signed(told);
		else
			ips[i] = c->ips[c->ip_count - (count - i)];
	}
	c->ip_count = told->bad ? 0 : count;
	for (size_t i = 0; i < c->ip_count; i++)
		c->ips[i] = ips[i];
	*stack = (struct event_stack){ c->ips, c->ip_count, head & 1 };
}

/* None is told twice, so none is found at a place before. */
static void keep_new(struct stack_coder *c, struct cursor *told, const struct event_stack *stack,
		     uint32_t *same)
{
	uint32_t number = stacks_add(&c->stacks, stack);

	if (!number || place_of(c, number) < c->count)
		told->bad = true;
	if (told->bad)
		return;
	*same = (uint32_t)c->count + 1;
	note(c, number);
}

void stack_get(struct stack_coder *c, struct cursor *in, struct cursor *told, struct event_stack *stack,
	       uint32_t *same)
{
	uint64_t what = bytes_get_varint(in);

	*stack = (struct event_stack){ 0 };
	if (what == STACK_NEW) {
		get_new(c, told, stack);
		keep_new(c, told, stack, same);
		in->bad |= told->bad;
	} else if (what != STACK_NONE) {
		uint64_t place = what == STACK_SAME ? (uint64_t)*same - 1 : what - STACK_PLACES;

		if (place >= c->count) {
			in->bad = true;
			return;
		}
		*stack = stacks_get(&c->stacks, c->numbers[place]);
		*same = (uint32_t)place + 1;
	}
}
