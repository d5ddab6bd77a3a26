#include "model/fault_regions.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define ENTRIES_MAX 65536 /* whatever a session claims, no more are kept */

static bool is(const struct fault_regions *r, uint32_t number, const struct region_attr *attr)
{
	const struct fault_region *item = &r->items[number - 1];

	return item->kind == attr->kind && !strcmp(item->path, attr->path);
}

uint32_t fault_regions_number(struct fault_regions *r, const struct region *region)
{
	const struct region_attr *attr = region ? &region->attr : NULL;
	struct hash_iter iter;
	uint32_t hash, number;

	if (!attr)
		return 0;
	if (r->last && is(r, r->last, attr))
		return r->last;
	hash = hash_text(attr->path) ^ attr->kind;
	iter = hash_iter(&r->hash, hash);
	while ((number = hash_next(&iter)) && !is(r, number, attr))
		;
	if (!number && r->count < ENTRIES_MAX) {
		mem_grow(r->items, r->cap, r->count + 1);
		r->items[r->count++] = (struct fault_region){ attr->kind, mem_strdup(attr->path) };
		number = (uint32_t)r->count;
		hash_add(&r->hash, hash, number);
	}
	return r->last = number;
}

const struct fault_region *fault_regions_at(const struct fault_regions *r, uint32_t number)
{
	return number && number <= r->count ? &r->items[number - 1] : NULL;
}

const char *fault_region_name(const struct fault_region *region)
{
	struct region_attr attr = { .path = region ? region->path : "" };
	const char *name = region_name(&attr);

	return *name || !region ? name : region_kind_name((enum region_kind)region->kind);
}

struct fault_regions fault_regions_copy(const struct fault_regions *r)
{
	struct fault_regions copy = *r;

	if (r->items)
		copy.items = mem_alloc(r->cap * sizeof *copy.items);
	for (size_t i = 0; i < r->count; i++)
		copy.items[i] = (struct fault_region){ r->items[i].kind, mem_strdup(r->items[i].path) };
	copy.hash = hash_copy(&r->hash);
	return copy;
}

void fault_regions_fini(struct fault_regions *r)
{
	for (size_t i = 0; i < r->count; i++)
		free(r->items[i].path);
	free(r->items);
	hash_fini(&r->hash);
	*r = (struct fault_regions){ 0 };
}
