/* A ring of a fixed size, made when the first call comes. */
#include "model/calls.h"

#include <stdlib.h>

#include "base/mem.h"

static void free_texts(struct call_entry *entry)
{
	free((char *)entry->call.name);
	free((char *)entry->call.args);
}

static void keep_texts(struct call_entry *entry)
{
	entry->call.name = mem_strdup(entry->call.name ? entry->call.name : "");
	entry->call.args = mem_strdup(entry->call.args ? entry->call.args : "");
}

void calls_add(struct calls *c, uint64_t time_ns, const struct event_call *call, uint32_t stack,
	       uint64_t after_faults)
{
	struct call_entry *entry;

	if (!c->entries)
		c->entries = mem_zalloc(CALLS_MAX * sizeof *c->entries);
	entry = &c->entries[c->end % CALLS_MAX];
	if (c->end - c->begin == CALLS_MAX) {
		free_texts(entry);
		c->begin++;
	}
	*entry = (struct call_entry){ time_ns, *call, stack, after_faults };
	keep_texts(entry);
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

	kept = kept < next ? kept : next;
	c->begin = next - kept;
	c->end = next;
	if (!old.entries)
		return;
	c->entries = mem_zalloc(CALLS_MAX * sizeof *c->entries);
	for (uint64_t i = old.begin; i < old.end - kept; i++)
		free_texts(&old.entries[i % CALLS_MAX]);
	for (uint64_t i = 0; i < kept; i++)
		c->entries[(c->begin + i) % CALLS_MAX] = old.entries[(old.end - kept + i) % CALLS_MAX];
	free(old.entries);
}

struct calls calls_copy(const struct calls *c)
{
	struct calls copy = *c;

	if (!c->entries)
		return copy;
	copy.entries = mem_zalloc(CALLS_MAX * sizeof *copy.entries);
	for (uint64_t i = c->begin; i < c->end; i++) {
		copy.entries[i % CALLS_MAX] = c->entries[i % CALLS_MAX];
		keep_texts(&copy.entries[i % CALLS_MAX]);
	}
	return copy;
}

void calls_fini(struct calls *c)
{
	for (uint64_t i = c->begin; i < c->end; i++)
		free_texts(&c->entries[i % CALLS_MAX]);
	free(c->entries);
	*c = (struct calls){ 0 };
}
