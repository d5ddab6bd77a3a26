/* The words of events and sources. */
#include "event/event.h"

const char *event_type_name(enum event_type type)
{
	switch (type) {
	case EVENT_PROCESS:
		return "process";
	case EVENT_STATUS:
		return "status";
	case EVENT_COUNTERS:
		return "counters";
	case EVENT_MAP:
		return "map";
	case EVENT_CHANGE:
		return "change";
	case EVENT_UNMAP:
		return "unmap";
	case EVENT_PAGES:
		return "pages";
	case EVENT_OUTPUT:
		return "output";
	case EVENT_SOURCE:
		return "source";
	case EVENT_MARK:
		return "mark";
	case EVENT_LOST:
		return "lost";
	case EVENT_TICK:
		return "tick";
	}
	return "unknown";
}

const char *source_kind_name(enum source_kind kind)
{
	static const char *const names[SOURCE_KINDS] = {
		[SOURCE_MAPS] = "maps",
		[SOURCE_PAGEMAP] = "pagemap",
		[SOURCE_PAGEMAP_SCAN] = "pagemap_scan",
		[SOURCE_PAGE_CACHE] = "page_cache",
		[SOURCE_FRAMES] = "frames",
		[SOURCE_KPAGEFLAGS] = "kpageflags",
		[SOURCE_KPAGECOUNT] = "kpagecount",
		[SOURCE_COUNTERS] = "counters",
		[SOURCE_SMAPS] = "smaps",
		[SOURCE_BYTES] = "bytes",
		[SOURCE_SYMBOLS] = "symbols",
	};
	return (unsigned)kind < SOURCE_KINDS ? names[kind] : "unknown";
}
