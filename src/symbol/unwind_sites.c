#include "symbol/unwind_sites.h"

#include "base/hash.h"

static uint32_t slot_of(uint64_t address)
{
	return hash_number(address) & (UNWIND_SITES - 1);
}

bool unwind_sites_find(const struct unwind_sites *p, uint64_t address, struct unwind_site *site)
{
	uint32_t slot = slot_of(address);
	*site = p->list[slot].site;
	return site->row.kind && p->list[slot].address == address;
}

void unwind_sites_add(struct unwind_sites *p, uint64_t address, const struct unwind_site *site)
{
	uint32_t slot = slot_of(address);
	p->list[slot].address = address;
	p->list[slot].site = *site;
}
