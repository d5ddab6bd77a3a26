/* A hash table over an array, as for stacks. */
#include "model/fault_regions.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define SIZE_MIN 64
#define ENTRIES_MAX 65536 /* whatever a session claims, no more is kept */

static size_t hash_name(uint8_t kind, const char *path)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ kind;

	for (; *path; path++)
		hash = (hash ^ (unsigned char)*path) * UINT64_C(0x100000001b3);
	return (size_t)(hash ^ hash >> 32);
}

static bool is_region(const struct fault_region *region, uint8_t kind, const char *path)
{
	return region->kind == kind && !strcmp(region->path, path);
}

static uint32_t *slot_of(const struct fault_regions *p, uint8_t kind, const char *path)
{
	size_t at = hash_name(kind, path) & (p->size - 1);

	while (p->slots[at] && !is_region(&p->items[p->slots[at] - 1], kind, path))
		at = (at + 1) & (p->size - 1);
	return &p->slots[at];
}

static void grow(struct fault_regions *p)
{
	free(p->slots);
	p->size = p->size ? 2 * p->size : SIZE_MIN;
	p->slots = mem_zalloc(p->size * sizeof *p->slots);
	for (size_t i = 0; i < p->count; i++)
		*slot_of(p, p->items[i].kind, p->items[i].path) = (uint32_t)i + 1;
}

uint32_t fault_regions_number(struct fault_regions *p, const struct region *region)
{
	const struct region_attr *attr = region ? &region->attr : NULL;
	uint32_t *slot;

	if (!attr)
		return 0;
	if (p->last && is_region(&p->items[p->last - 1], attr->kind, attr->path))
		return p->last;
	if (2 * (p->count + 1) > p->size)
		grow(p);
	slot = slot_of(p, attr->kind, attr->path);
	if (!*slot && p->count < ENTRIES_MAX) {
		mem_grow(p->items, p->cap, p->count + 1);
		p->items[p->count++] = (struct fault_region){ attr->kind, mem_strdup(attr->path) };
		*slot = (uint32_t)p->count;
	}
	return p->last = *slot;
}

const struct fault_region *fault_regions_at(const struct fault_regions *p, uint32_t number)
{
	return number && number <= p->count ? &p->items[number - 1] : NULL;
}

const char *fault_region_name(const struct fault_region *region)
{
	struct region_attr attr = { .path = region ? region->path : "" };
	const char *name = region_name(&attr);

	return *name || !region ? name : region_kind_name((enum region_kind)region->kind);
}

struct fault_regions fault_regions_copy(const struct fault_regions *p)
{
	struct fault_regions copy = *p;

	if (p->items)
		copy.items = mem_alloc(p->cap * sizeof *copy.items);
	for (size_t i = 0; i < p->count; i++)
		copy.items[i] = (struct fault_region){ p->items[i].kind, mem_strdup(p->items[i].path) };
	if (p->slots) {
		copy.slots = mem_alloc(p->size * sizeof *copy.slots);
		memcpy(copy.slots, p->slots, p->size * sizeof *copy.slots);
	}
	return copy;
}

void fault_regions_fini(struct fault_regions *p)
{
	for (size_t i = 0; i < p->count; i++)
		free(p->items[i].path);
	free(p->items);
	free(p->slots);
	*p = (struct fault_regions){ 0 };
}
