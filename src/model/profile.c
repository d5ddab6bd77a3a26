/* An array of entries and a hash table into it. */
#include "model/profile.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "event/page.h"

#define SIZE_MIN 256
#define ENTRIES_MAX ((size_t)1 << 17)

static size_t hash(uint64_t ip, uint32_t stack)
{
	return (size_t)((ip ^ (uint64_t)stack << 40 ^ stack) * UINT64_C(0x9e3779b97f4a7c15) >> 32);
}

static uint32_t *slot_of(const struct profile *h, uint64_t ip, uint32_t stack)
{
	size_t at = hash(ip, stack) & (h->size - 1);

	for (; h->slots[at]; at = (at + 1) & (h->size - 1)) {
		const struct profile_entry *entry = &h->entries[h->slots[at] - 1];

		if (entry->ip == ip && entry->stack == stack)
			break;
	}
	return &h->slots[at];
}

static void grow(struct profile *h)
{
	free(h->slots);
	h->size = h->size ? 2 * h->size : SIZE_MIN;
	h->slots = mem_zalloc(h->size * sizeof *h->slots);
	for (size_t i = 0; i < h->count; i++)
		*slot_of(h, h->entries[i].ip, h->entries[i].stack) = (uint32_t)i + 1;
}

static struct profile_entry *entry_of(struct profile *h, uint64_t ip, uint32_t stack)
{
	uint32_t *slot;

	if (h->count && h->entries[h->last].ip == ip && h->entries[h->last].stack == stack)
		return &h->entries[h->last];
	if (2 * (h->count + 1) > h->size && h->count < ENTRIES_MAX)
		grow(h);
	slot = slot_of(h, ip, stack);
	if (!*slot) {
		if (h->count >= ENTRIES_MAX)
			return &h->rest;
		mem_grow(h->entries, h->cap, h->count + 1);
		h->entries[h->count++] = (struct profile_entry){ .ip = ip, .stack = stack };
		*slot = (uint32_t)h->count;
	}
	h->last = *slot - 1;
	return &h->entries[h->last];
}

uint64_t fault_pages(const struct event_fault *f)
{
	enum page_state now = page_state(f->now);
	bool none = now == PAGE_RESERVED || now == PAGE_CACHED || now == PAGE_GUARD || now == PAGE_SWAP;

	if (fault_is_fatal(f->cause))
		return 0;
	return (none ? 0 : 1) + (uint64_t)f->before + f->after;
}

void profile_add(struct profile *h, const struct event_fault *fault, uint32_t stack)
{
	struct profile_entry *entry = entry_of(h, fault->ip, stack);

	if (fault->major)
		entry->major++;
	else
		entry->minor++;
	entry->pages += fault_pages(fault);
}

void profile_put(struct profile *h, const struct event_profile *sum, uint32_t stack)
{
	struct profile_entry *entry = sum->rest ? &h->rest : entry_of(h, sum->ip, stack);

	entry->minor = sum->minor;
	entry->major = sum->major;
	entry->pages = sum->pages;
}

struct profile profile_copy(const struct profile *h)
{
	struct profile copy = *h;

	if (h->entries) {
		copy.entries = mem_alloc(h->cap * sizeof *copy.entries);
		memcpy(copy.entries, h->entries, h->count * sizeof *copy.entries);
	}
	if (h->slots) {
		copy.slots = mem_alloc(h->size * sizeof *copy.slots);
		memcpy(copy.slots, h->slots, h->size * sizeof *copy.slots);
	}
	return copy;
}

void profile_fini(struct profile *h)
{
	free(h->entries);
	free(h->slots);
	*h = (struct profile){ 0 };
}
