#include "symbol/unwind_places.h"

#include "base/hash.h"

static uint32_t slot_of(uint64_t address)
{
	return hash_number(address) & (UNWIND_PLACES - 1);
}

bool unwind_places_find(const struct unwind_places *p, uint64_t address, struct unwind_place *place)
{
	uint32_t slot = slot_of(address);
	*place = p->list[slot].place;
	return place->row.kind && p->list[slot].address == address;
}

void unwind_places_add(struct unwind_places *p, uint64_t address, const struct unwind_place *place)
{
	uint32_t slot = slot_of(address);
	p->list[slot].address = address;
	p->list[slot].place = *place;
}
