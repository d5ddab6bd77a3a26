/* Few calls are kept, and regions are few: both are searched in order. */
#include "model/mapping.h"

#include "base/minmax.h"

static bool gives(enum call_kind kind)
{
	return kind == CALL_MMAP || kind == CALL_MMAP_OLD || kind == CALL_MREMAP || kind == CALL_SHMAT;
}

static bool takes(enum call_kind kind)
{
	return kind == CALL_MUNMAP || kind == CALL_SHMDT || kind == CALL_BRK;
}

const struct call_entry *mapping_call(const struct calls *calls, uint64_t address)
{
	uint64_t first = max(calls->image, calls->begin);

	for (uint64_t number = calls->end; number-- > first;) {
		const struct call_entry *entry = calls_at(calls, number);
		const struct event_call *call = entry ? &entry->call : NULL;

		if (!call || call->error || address < call->start || address >= call->end)
			continue;
		if (gives(call->kind))
			return entry;
		if (takes(call->kind))
			return NULL;
	}
	return NULL;
}

static bool same_file(const struct region_attr *a, const struct region_attr *b)
{
	return region_has_file(a) && a->inode == b->inode && a->dev_major == b->dev_major &&
	       a->dev_minor == b->dev_minor;
}

bool mapping_twin(const struct space *s, uint64_t page, uint64_t *twin)
{
	const struct region *region = space_find(s, space_address(s, page));
	size_t own = 0;

	if (!region || !region_has_file(&region->attr))
		return false;
	while (s->regions[own] != region)
		own++;
	uint64_t offset = region->attr.offset + space_address(s, page) - region->attr.start;
	for (size_t i = 1; i < s->count; i++) {
		const struct region_attr *a = &s->regions[(own + i) % s->count]->attr;

		if (!same_file(a, &region->attr) || offset < a->offset ||
		    offset - a->offset >= a->end - a->start)
			continue;
		*twin = space_page(s, a->start + offset - a->offset);
		return true;
	}
	return false;
}
