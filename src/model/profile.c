#include "model/profile.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "event/page.h"

#define ENTRIES_MAX ((size_t)1 << 17)

static bool is(const struct profile *p, uint32_t index, uint64_t ip, uint32_t stack)
{
	return p->entries[index].ip == ip && p->entries[index].stack == stack;
}

static struct profile_entry *entry_of(struct profile *p, uint64_t ip, uint32_t stack)
{
	uint32_t hash = hash_two(ip, stack), number;
	struct hash_iter iter = hash_iter(&p->hash, hash);

	if (p->count && is(p, p->last, ip, stack))
		return &p->entries[p->last];
	while ((number = hash_next(&iter)) && !is(p, number - 1, ip, stack))
		;
	if (!number) {
		if (p->count >= ENTRIES_MAX)
			return &p->rest;
		mem_grow(p->entries, p->cap, p->count + 1);
		p->entries[p->count++] = (struct profile_entry){ .ip = ip, .stack = stack };
		number = (uint32_t)p->count;
		hash_add(&p->hash, hash, number);
	}
	p->last = number - 1;
	return &p->entries[p->last];
}

uint64_t fault_pages(const struct event_fault *f)
{
	enum page_state now = page_state(f->now);
	bool none = page_state_untouched(now) || page_state_kills(now) || page_state_swapped(now);

	if (fault_is_fatal(f->cause))
		return 0;
	return (none ? 0 : 1) + (uint64_t)f->before + f->after;
}

void profile_add(struct profile *p, const struct event_fault *fault, uint32_t stack)
{
	struct profile_entry *entry = entry_of(p, fault->ip, stack);

	if (fault->major)
		entry->major++;
	else
		entry->minor++;
	entry->pages += fault_pages(fault);
}

void profile_put(struct profile *p, const struct event_profile *sum, uint32_t stack)
{
	struct profile_entry *entry = sum->rest ? &p->rest : entry_of(p, sum->ip, stack);

	entry->minor = sum->minor;
	entry->major = sum->major;
	entry->pages = sum->pages;
}

struct profile profile_copy(const struct profile *p)
{
	struct profile copy = *p;

	copy.entries = mem_copy(p->entries, p->cap * sizeof *copy.entries);
	copy.hash = hash_copy(&p->hash);
	return copy;
}

void profile_fini(struct profile *p)
{
	free(p->entries);
	hash_fini(&p->hash);
	*p = (struct profile){ 0 };
}
