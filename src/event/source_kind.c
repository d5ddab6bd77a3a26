/* The table of sources. */
#include "event/source_kind.h"

#include "base/i18n.h"

static const struct {
	const char *name, *gives;
	bool needed, with_faults;
} kinds[SOURCE_KINDS] = {
	[SOURCE_MAPS] = { "maps", N_("regions"), .needed = true },
	[SOURCE_PAGEMAP] = { "pagemap", N_("page states") },
	[SOURCE_PAGEMAP_SCAN] = { "pagemap_scan", N_("zero, huge, guard; fast scans") },
	[SOURCE_PAGE_CACHE] = { "page_cache", N_("cached or not") },
	[SOURCE_FRAMES] = { "frames", N_("frame numbers") },
	[SOURCE_KPAGEFLAGS] = { "kpageflags", N_("dirty, referenced, locked, ksm") },
	[SOURCE_KPAGECOUNT] = { "kpagecount", N_("how often a frame is mapped") },
	[SOURCE_COUNTERS] = { "counters", N_("counts of faults") },
	[SOURCE_SMAPS] = { "smaps", N_("the kernel's own Rss, on demand") },
	[SOURCE_BYTES] = { "bytes", N_("the bytes of pages, on demand") },
	[SOURCE_SYMBOLS] = { "symbols", N_("sections and symbols") },
	[SOURCE_FAULTS] = { "faults", N_("each page fault: who and when") },
	[SOURCE_STACKS] = { "stacks", N_("how the program came to each fault"), .with_faults = true },
	[SOURCE_ACCESS] = { "access", N_("read or write, as the CPU says"), .with_faults = true },
};

const char *source_kind_name(enum source_kind kind)
{
	return (unsigned)kind < SOURCE_KINDS ? kinds[kind].name : "unknown";
}

const char *source_kind_gives(enum source_kind kind)
{
	return (unsigned)kind < SOURCE_KINDS ? _(kinds[kind].gives) : "";
}

bool source_kind_can_be_off(enum source_kind kind)
{
	return !kinds[kind].needed;
}

bool source_kind_with_faults(enum source_kind kind)
{
	return kinds[kind].with_faults;
}
