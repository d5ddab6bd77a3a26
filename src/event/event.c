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
	case EVENT_FAULT:
		return "fault";
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
	case EVENT_SYMBOL:
		return "symbol";
	case EVENT_LINES:
		return "lines";
	case EVENT_CALL:
		return "call";
	case EVENT_STOP:
		return "stop";
	case EVENT_THREAD:
		return "thread";
	case EVENT_PAST:
		return "past";
	case EVENT_STORY:
		return "story";
	case EVENT_SAMPLE:
		return "sample";
	case EVENT_PROFILE:
		return "profile";
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
		[SOURCE_FAULTS] = "faults",
		[SOURCE_STACKS] = "stacks",
		[SOURCE_ACCESS] = "access",
	};
	return (unsigned)kind < SOURCE_KINDS ? names[kind] : "unknown";
}

const char *fault_access_name(enum fault_access access)
{
	static const char *const names[] = { "", "read", "write", "exec" };
	return (unsigned)access <= FAULT_EXEC ? names[access] : "";
}

const char *fault_cause_name(enum fault_cause cause)
{
	static const char *const names[FAULT_CAUSES] = {
		[FAULT_CAUSE_UNKNOWN] = "",
		[FAULT_ZERO_FILL] = "zero-fill",
		[FAULT_ZERO_PAGE] = "zero-page",
		[FAULT_ZERO_REPLACED] = "zero-replaced",
		[FAULT_FILE_CACHED] = "file-cached",
		[FAULT_FILE_READ] = "file-read",
		[FAULT_COW_FILE] = "cow-file",
		[FAULT_COW_FORK] = "cow-fork",
		[FAULT_SWAP_IN] = "swap-in",
		[FAULT_SHM] = "shm",
		[FAULT_STACK_GROWTH] = "stack-growth",
		[FAULT_GUARD] = "guard",
		[FAULT_OTHER] = "other",
		[FAULT_STACK_END] = "stack-end",
		[FAULT_NO_REGION] = "no-region",
		[FAULT_NO_RIGHT] = "no-right",
		[FAULT_NO_PAGE] = "no-page",
	};
	return (unsigned)cause < FAULT_CAUSES ? names[cause] : "";
}

bool fault_is_fatal(enum fault_cause cause)
{
	return cause == FAULT_GUARD || (cause >= FAULT_STACK_END && cause <= FAULT_NO_PAGE);
}

const char *fault_kind_name(const struct event_fault *fault)
{
	if (fault_is_fatal(fault->cause))
		return fault->cause == FAULT_NO_PAGE ? "bus" : "segv";
	return fault->major ? "major" : "minor";
}

const char *stop_why_name(enum stop_why why)
{
	static const char *const names[STOP_KINDS] = {
		[STOP_ASKED] = "asked",
		[STOP_FAULT] = "fault",
		[STOP_CALL] = "call",
		[STOP_EXEC] = "exec",
	};
	return (unsigned)why < STOP_KINDS ? names[why] : "";
}
