/* The words of page states, flags and reasons: one table each. */
#include "event/page.h"

#include <string.h>

#include "base/i18n.h"

static const struct {
	const char *name;
	bool resident; /* see page_state_resident, _kept and _own */
	bool kept;
	bool own;
	const char *meaning;
} states[PAGE_STATES] = {
	[PAGE_NONE] = { "none", false, false, false,
			N_("no region is here: a touch is a segmentation fault") },
	[PAGE_RESERVED] = { "reserved", false, false, false,
			    N_("promised, but nothing is behind it in this process") },
	[PAGE_CACHED] = { "cached", false, false, false,
			  N_("not mapped yet, but the page cache holds the file's page") },
	[PAGE_ZERO] = { "zero", false, false, false,
			N_("read but never written: the kernel's one shared zero page") },
	[PAGE_FILE] = { "file", true, true, false, N_("the page cache's own page of the file") },
	[PAGE_COPY] = { "copy", true, true, true,
			N_("a private copy of a file's page: copy-on-write happened") },
	[PAGE_ANON] = { "anon", true, true, true, N_("the process's own private memory") },
	[PAGE_SHM] = { "shm", true, true, false, N_("shared memory") },
	[PAGE_SWAP] = { "swap", false, true, true, N_("swapped out") },
	[PAGE_GUARD] = { "guard", false, false, false,
			 N_("touching it kills: a guard page, or a region that allows nothing") },
	[PAGE_UNKNOWN] = { "unknown", false, false, false, N_("not known here") },
};

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

bool page_state_resident(enum page_state state)
{
	return (unsigned)state < PAGE_STATES && states[state].resident;
}

bool page_state_kept(enum page_state state)
{
	return (unsigned)state < PAGE_STATES && states[state].kept;
}

bool page_state_own(enum page_state state)
{
	return (unsigned)state < PAGE_STATES && states[state].own;
}

bool page_state_untouched(enum page_state state)
{
	return state == PAGE_RESERVED || state == PAGE_CACHED;
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

uint64_t page_resident(const uint64_t counts[static PAGE_STATES])
{
	uint64_t sum = 0;
	for (int i = 0; i < PAGE_STATES; i++)
		if (states[i].resident)
			sum += counts[i];
	return sum;
}
