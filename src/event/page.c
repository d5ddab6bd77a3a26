/* The words of page states, flags and reasons: one table each. */
#include "event/page.h"

#include <string.h>

#include "base/i18n.h"

/* Properties of states, which code uses instead of their names; see the predicates in page.h. */
enum {
	RESIDENT = 1,
	MAPPED = 2,
	SWAPPED = 4,
	OWN = 8,
	OF_CACHE = 16,
	OF_FILE = 32,
	COPIED = 64,
	ZEROES = 128,
	UNTOUCHED = 256,
	CACHED = 512,
	KILLS = 1024,
};

static const struct {
	const char *name;
	unsigned is;
	const char *heading;
	const char *meaning;
} states[] = {
	[PAGE_NONE] = { "none", 0, NULL, N_("no region is here: a touch is a segmentation fault") },
	[PAGE_RESERVED] = { "reserved", UNTOUCHED, NULL,
			    N_("promised, but nothing is behind it in this process") },
	[PAGE_CACHED] = { "cached", UNTOUCHED | CACHED, N_("CACHE"),
			  N_("not mapped yet, but the page cache holds the file's page") },
	[PAGE_ZERO] = { "zero", MAPPED | ZEROES, N_("ZERO"),
			N_("read but never written: the kernel's one shared zero page") },
	[PAGE_FILE] = { "file", RESIDENT | MAPPED | OF_CACHE | OF_FILE, NULL,
			N_("the page cache's own page of the file") },
	[PAGE_COPY] = { "copy", RESIDENT | MAPPED | OWN | COPIED, NULL,
			N_("a private copy of a file's page: copy-on-write happened") },
	[PAGE_ANON] = { "anon", RESIDENT | MAPPED | OWN, NULL, N_("the process's own private memory") },
	[PAGE_SHM] = { "shm", RESIDENT | MAPPED | OF_CACHE, NULL, N_("shared memory") },
	[PAGE_SWAP] = { "swap", SWAPPED | OWN, N_("SWAP"), N_("swapped out") },
	[PAGE_GUARD] = { "guard", KILLS, N_("GUARD"),
			 N_("a touch is fatal: a guard page, or a region without rights") },
	[PAGE_UNKNOWN] = { "unknown", 0, NULL, N_("not known here") },
};
_Static_assert(sizeof states / sizeof states[0] == PAGE_STATES, "each state has its row");

const char *page_state_name(enum page_state state)
{
	return (unsigned)state < PAGE_STATES ? states[state].name : "unknown";
}

int page_state_parse(const char *name)
{
	for (int i = 0; i < PAGE_STATES; i++)
		if (!strcmp(states[i].name, name))
			return i;
	return -1;
}

const char *page_state_meaning(enum page_state state)
{
	return _(states[(unsigned)state < PAGE_STATES ? state : PAGE_UNKNOWN].meaning);
}

const char *page_state_heading(enum page_state state)
{
	return (unsigned)state < PAGE_STATES && states[state].heading ? _(states[state].heading) : NULL;
}

static bool has(enum page_state state, unsigned trait)
{
	return (unsigned)state < PAGE_STATES && states[state].is & trait;
}

bool page_state_resident(enum page_state state)
{
	return has(state, RESIDENT);
}

bool page_state_mapped(enum page_state state)
{
	return has(state, MAPPED);
}

bool page_state_swapped(enum page_state state)
{
	return has(state, SWAPPED);
}

bool page_state_kept(enum page_state state)
{
	return has(state, RESIDENT | SWAPPED);
}

bool page_state_own(enum page_state state)
{
	return has(state, OWN);
}

bool page_state_private(enum page_state state)
{
	return has(state, OWN) && has(state, RESIDENT);
}

bool page_state_of_cache(enum page_state state)
{
	return has(state, OF_CACHE);
}

bool page_state_of_file(enum page_state state)
{
	return has(state, OF_FILE);
}

bool page_state_copied(enum page_state state)
{
	return has(state, COPIED);
}

bool page_state_zeroes(enum page_state state)
{
	return has(state, ZEROES);
}

bool page_state_cached(enum page_state state)
{
	return has(state, CACHED);
}

bool page_state_untouched(enum page_state state)
{
	return has(state, UNTOUCHED);
}

bool page_state_touched(enum page_state state)
{
	return state != PAGE_NONE && !has(state, UNTOUCHED);
}

bool page_state_kills(enum page_state state)
{
	return has(state, KILLS);
}

bool page_change_is_own(uint32_t was, uint32_t now)
{
	enum page_state from = page_state(was), to = page_state(now);

	return from != to && !(page_state_untouched(from) && page_state_untouched(to));
}

const char *page_why_text(enum page_why why)
{
	switch (why) {
	case PAGE_WHY_NOT_READ:
		return _("not looked at yet");
	case PAGE_WHY_DENIED:
		return _("the page map of this process may not be read");
	case PAGE_WHY_SPECIAL:
		return _("a page of the kernel or of a device, not counted as memory");
	case PAGE_WHY_OUTSIDE:
		return _("beyond the process's own page tables");
	case PAGE_WHY_OFF:
		return _("reading pages was switched off");
	case PAGE_WHY_ZERO_OR_ANON:
		return _("without PAGEMAP_SCAN the zero page looks like a shared page");
	case PAGE_WHY_SWAP_OR_MARK:
		return _("in swap, or a mark of userfaultfd: only root can see which");
	case PAGE_WHY_NOT_OPENED:
		return _("the page map of this process could not be opened");
	}
	return _("for a reason that this version does not know");
}

const char *page_flag_name(uint32_t bit)
{
	switch (bit) {
	case PAGE_EXCLUSIVE:
		return "exclusive";
	case PAGE_SHARED:
		return "shared";
	case PAGE_HUGE:
		return "huge";
	case PAGE_DIRTY:
		return "dirty";
	case PAGE_REFERENCED:
		return "referenced";
	case PAGE_LOCKED:
		return "locked";
	case PAGE_KSM:
		return "ksm";
	case PAGE_HUGETLB:
		return "hugetlb";
	case PAGE_CACHE_UNKNOWN:
		return "cache-unknown";
	case PAGE_POISON:
		return "poison";
	default:
		return NULL;
	}
}

uint64_t page_sum(const uint64_t counts[static PAGE_STATES], bool (*is)(enum page_state))
{
	uint64_t sum = 0;

	for (int i = 0; i < PAGE_STATES; i++)
		if (is((enum page_state)i))
			sum += counts[i];
	return sum;
}

uint64_t page_resident(const uint64_t counts[static PAGE_STATES])
{
	return page_sum(counts, page_state_resident);
}
