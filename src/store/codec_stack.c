#include "store/codec_stack.h"

#include <stdlib.h>

#include "base/bisect.h"
#include "base/mem.h"

enum { PUT_NONE, PUT_NEW, PUT_SAME, PUT_POSITIONS };

#define HEAD_COUNT 8 /* bits */
#define HEAD_END 3
#define HEAD_MAX (((uint64_t)STACK_MAX << HEAD_END | (STACK_ENDS - 1)) << HEAD_COUNT | STACK_MAX << 1 | 1)
_Static_assert((STACK_MAX << 1 | 1) < 1 << HEAD_COUNT && STACK_ENDS <= 1 << HEAD_END, "they fit");

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

/* The position of a stack, as numbers are ascending; `count` if it is not there. */
static size_t position_of(const struct stack_coder *c, uint32_t number)
{
	size_t at;

	bisect(at, 0, c->count, c->numbers[at] < number);
	return at < c->count && c->numbers[at] == number ? at : c->count;
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

static uint64_t head_of(const struct event_stack *stack)
{
	uint64_t cut = stack->end != STACK_WHOLE, why = stack->end > STACK_CUT ? stack->end : 0;

	return ((uint64_t)stack->deduced << HEAD_END | why) << HEAD_COUNT | (uint64_t)stack->count << 1 | cut;
}

static void set_head(struct event_stack *stack, uint64_t head)
{
	stack->count = head >> 1 & ((1 << (HEAD_COUNT - 1)) - 1);
	stack->end = (enum stack_end)(head >> HEAD_COUNT & ((1 << HEAD_END) - 1));
	if (stack->end == STACK_WHOLE && head & 1)
		stack->end = STACK_CUT;
	stack->deduced = head >> (HEAD_COUNT + HEAD_END);
}

static void put_new(struct stack_coder *c, struct strbuf *fresh, const struct event_stack *stack)
{
	size_t common = common_callers(c, stack);
	uint64_t before = c->ip;

	bytes_put_varint(fresh, head_of(stack));
	bytes_put_varint(fresh, common);
	for (size_t i = 0; i < stack->count - common; i++) {
		bytes_put_signed(fresh, (int64_t)(stack->ips[i] - before));
		before = stack->ips[i];
	}
	for (size_t i = 0; i < stack->count; i++)
		c->ips[i] = stack->ips[i];
	c->ip_count = stack->count;
}

void stack_put(struct stack_coder *c, struct strbuf *out, struct strbuf *fresh,
	       const struct event_stack *stack, uint32_t *same)
{
	uint32_t number = stacks_add(&c->stacks, stack);
	size_t position = number ? position_of(c, number) : 0;

	if (!number) {
		bytes_put_varint(out, PUT_NONE);
	} else if (position == c->count) {
		struct event_stack kept = stacks_get(&c->stacks, number);

		note(c, number);
		bytes_put_varint(out, PUT_NEW);
		put_new(c, fresh, &kept);
	} else {
		bytes_put_varint(out, *same == position + 1 ? PUT_SAME : position + PUT_POSITIONS);
	}
	*same = number ? (uint32_t)position + 1 : *same;
}

static void get_new(struct stack_coder *c, struct cursor *fresh, struct event_stack *stack)
{
	uint64_t before = c->ip, ips[STACK_MAX];

	*stack = (struct event_stack){ .ips = c->ips };
	set_head(stack, bytes_get_bounded(fresh, HEAD_MAX));
	size_t count = stack->count, common = (size_t)bytes_get_bounded(fresh, count);
	if (common > c->ip_count || stack->end >= STACK_ENDS || stack->deduced > count)
		fresh->bad = true;
	for (size_t i = 0; i < count && !fresh->bad; i++) {
		if (i < count - common)
			ips[i] = before += (uint64_t)bytes_get_signed(fresh);
		else
			ips[i] = c->ips[c->ip_count - (count - i)];
	}
	c->ip_count = fresh->bad ? 0 : count;
	for (size_t i = 0; i < c->ip_count; i++)
		c->ips[i] = ips[i];
	stack->count = c->ip_count;
}

/* Keeps a new stack. Each is given in full only once, so it is not at an earlier position. */
static void keep_new(struct stack_coder *c, struct cursor *fresh, const struct event_stack *stack,
		     uint32_t *same)
{
	uint32_t number = stacks_add(&c->stacks, stack);

	if (!number || position_of(c, number) < c->count)
		fresh->bad = true;
	if (fresh->bad)
		return;
	*same = (uint32_t)c->count + 1;
	note(c, number);
}

void stack_get(struct stack_coder *c, struct cursor *in, struct cursor *fresh, struct event_stack *stack,
	       uint32_t *same)
{
	uint64_t what = bytes_get_varint(in);

	*stack = (struct event_stack){ 0 };
	if (what == PUT_NEW) {
		get_new(c, fresh, stack);
		keep_new(c, fresh, stack, same);
		in->bad |= fresh->bad;
	} else if (what != PUT_NONE) {
		uint64_t position = what == PUT_SAME ? (uint64_t)*same - 1 : what - PUT_POSITIONS;

		if (position >= c->count) {
			in->bad = true;
			return;
		}
		*stack = stacks_get(&c->stacks, c->numbers[position]);
		*same = (uint32_t)position + 1;
	}
}
