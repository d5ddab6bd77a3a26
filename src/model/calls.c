/* A ring of a fixed size, allocated when the first call comes. */
#include "model/calls.h"

#include <stdlib.h>

#include "base/mem.h"
#include "model/ring.h"

void calls_add(struct calls *c, uint64_t time_ns, const struct event_call *call, uint32_t stack,
	       uint64_t after_faults)
{
	struct call_entry *entry;

	if (!c->entries)
		c->entries = mem_zalloc(CALLS_MAX * sizeof *c->entries);
	entry = &c->entries[c->end % CALLS_MAX];
	if (c->end - c->begin == CALLS_MAX)
		c->begin++;
	*entry = (struct call_entry){ time_ns, *call, stack, after_faults };
	c->end++;
}

const struct call_entry *calls_at(const struct calls *c, uint64_t number)
{
	return number >= c->begin && number < c->end ? &c->entries[number % CALLS_MAX] : NULL;
}

void calls_number(struct calls *c, uint64_t next)
{
	c->entries = ring_number(c->entries, sizeof *c->entries, CALLS_MAX, &c->begin, &c->end, next);
}

struct calls calls_copy(const struct calls *c)
{
	struct calls copy = *c;

	copy.entries = mem_copy(c->entries, CALLS_MAX * sizeof *c->entries);
	return copy;
}

void calls_fini(struct calls *c)
{
	free(c->entries);
	*c = (struct calls){ 0 };
}
