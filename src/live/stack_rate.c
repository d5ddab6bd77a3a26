#include "live/stack_rate.h"

#include "base/clock.h"
#include "base/minmax.h"

void stack_rate_init(struct stack_rate *r, uint32_t asked)
{
	*r = (struct stack_rate){ .every = asked ? asked : 1, .fixed = asked, .left = STACK_RATE_STORE };
}

uint32_t stack_rate_every(const struct stack_rate *r)
{
	return r->every;
}

bool stack_rate_is_fixed(const struct stack_rate *r)
{
	return r->fixed;
}

/* The right `every` for this many faults a second. */
static uint32_t right_for(uint64_t per_second)
{
	uint32_t every = 1;

	while (every < STACK_RATE_EVERY_MAX && per_second / every > STACK_RATE_PER_SECOND)
		every *= STACK_RATE_STEP;
	return every;
}

uint32_t stack_rate_note(struct stack_rate *r, uint64_t faults, uint64_t span_ns)
{
	/* the bucket is full after this time */
	uint64_t longest = CLOCK_SECOND * STACK_RATE_STORE / STACK_RATE_PER_SECOND;
	uint64_t span = min(span_ns, longest), taken = min(faults / r->every, 2 * STACK_RATE_STORE);

	if (r->fixed || !span_ns)
		return r->every;
	uint32_t right = right_for(faults * CLOCK_SECOND / span_ns);
	r->left += (int64_t)(span * STACK_RATE_PER_SECOND / CLOCK_SECOND) - (int64_t)taken;
	r->left = clamp(r->left, 0, STACK_RATE_STORE);
	if (right > r->every ? !r->left : r->left >= STACK_RATE_STORE / 2)
		r->every = right;
	return r->every;
}
