/* The table of sources. */
#include "event/source_kind.h"

#include "base/i18n.h"

static const struct {
	const char *name, *gives;
	bool needed, with_faults;
} kinds[SOURCE_KINDS] = {
	[SOURCE_MAPS] = { .name = "maps", .gives = N_("regions"), .needed = true },
	[SOURCE_PAGEMAP] = { .name = "pagemap", .gives = N_("page states") },
	[SOURCE_PAGEMAP_SCAN] = { .name = "pagemap_scan", .gives = N_("zero, huge, guard; fast scans") },
	[SOURCE_PAGE_CACHE] = { .name = "page_cache", .gives = N_("cached or not") },
	[SOURCE_FRAMES] = { .name = "frames", .gives = N_("frame numbers") },
	[SOURCE_KPAGEFLAGS] = { .name = "kpageflags", .gives = N_("dirty, referenced, locked, ksm") },
	[SOURCE_KPAGECOUNT] = { .name = "kpagecount", .gives = N_("how often a frame is mapped") },
	[SOURCE_COUNTERS] = { .name = "counters", .gives = N_("counts of faults") },
	[SOURCE_SMAPS] = { .name = "smaps", .gives = N_("the kernel's own Rss, on demand") },
	[SOURCE_BYTES] = { .name = "bytes", .gives = N_("the bytes of pages, on demand") },
	[SOURCE_SYMBOLS] = { .name = "symbols", .gives = N_("sections and symbols") },
	[SOURCE_FAULTS] = { .name = "faults", .gives = N_("each page fault: who and when") },
	[SOURCE_STACKS] = { .name = "stacks",
			    .gives = N_("how the program got to each fault"),
			    .with_faults = true },
	[SOURCE_ACCESS] = { .name = "access",
			    .gives = N_("read or write, as the CPU reports it"),
			    .with_faults = true },
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
