/* A ring of a fixed size, allocated when the first call comes. */
#include "model/calls.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/minmax.h"

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
	struct calls old = *c;
	uint64_t kept = old.end - old.begin;

	kept = min_u64(kept, next);
	c->begin = next - kept;
	c->end = next;
	if (!old.entries)
		return;
	c->entries = mem_zalloc(CALLS_MAX * sizeof *c->entries);
	for (uint64_t i = 0; i < kept; i++)
		c->entries[(c->begin + i) % CALLS_MAX] = old.entries[(old.end - kept + i) % CALLS_MAX];
	free(old.entries);
}

struct calls calls_copy(const struct calls *c)
{
	struct calls copy = *c;

	if (!c->entries)
		return copy;
	copy.entries = mem_alloc(CALLS_MAX * sizeof *copy.entries);
	memcpy(copy.entries, c->entries, CALLS_MAX * sizeof *copy.entries);
	return copy;
}

void calls_fini(struct calls *c)
{
	free(c->entries);
	*c = (struct calls){ 0 };
}
