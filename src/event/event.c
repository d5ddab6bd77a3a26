/* The words of events. */
#include "event/event.h"

#include <string.h>

#include "base/i18n.h"

const char *event_type_name(enum event_type type)
{
	static const char *const names[EVENT_TYPES] = {
		[EVENT_PROCESS] = "process", [EVENT_STATUS] = "status", [EVENT_COUNTERS] = "counters",
		[EVENT_MAP] = "map",         [EVENT_CHANGE] = "change", [EVENT_UNMAP] = "unmap",
		[EVENT_PAGES] = "pages",     [EVENT_FAULT] = "fault",   [EVENT_OUTPUT] = "output",
		[EVENT_SOURCE] = "source",   [EVENT_MARK] = "mark",     [EVENT_LOST] = "lost",
		[EVENT_TICK] = "tick",       [EVENT_SYMBOL] = "symbol", [EVENT_LINES] = "lines",
		[EVENT_CALL] = "call",       [EVENT_STOP] = "stop",     [EVENT_THREAD] = "thread",
		[EVENT_PAST] = "past",       [EVENT_STORY] = "story",   [EVENT_SAMPLE] = "sample",
		[EVENT_PROFILE] = "profile", [EVENT_FORKED] = "forked", [EVENT_COPIER] = "copier",
		[EVENT_FIGURES] = "figures", [EVENT_BEGAN] = "began",   [EVENT_LEFT] = "left",
	};
	return (unsigned)type < EVENT_TYPES ? names[type] : "unknown";
}

const char *lost_name(enum lost_what what)
{
	static const char *const names[LOST_WHATS] = {
		[LOST_FAULTS] = "faults",
		[LOST_PROCESSES] = "processes",
		[LOST_THEIR_FAULTS] = "faults of lost processes",
	};
	return (unsigned)what < LOST_WHATS ? names[what] : "";
}

enum lost_what lost_parse(const char *name)
{
	for (int i = 0; i < LOST_WHATS; i++)
		if (strcmp(name, lost_name(i)) == 0)
			return i;
	return LOST_FAULTS;
}

const char *fault_access_name(enum fault_access access)
{
	static const char *const names[] = { "", "read", "write", "exec" };
	return (unsigned)access <= FAULT_EXEC ? names[access] : "";
}

static const struct {
	const char *name, *meaning;
} causes[] = {
	[FAULT_CAUSE_UNKNOWN] = { "unknown", N_("the cause is not known") },
	[FAULT_ZERO_FILL] = { "zero-fill", N_("written for the first time: a frame of zeroes") },
	[FAULT_ZERO_PAGE] = { "zero-page", N_("read before it was written: the shared zero page") },
	[FAULT_ZERO_REPLACED] = { "zero-replaced",
				  N_("written after it had only been read: a frame of its own") },
	[FAULT_FILE_CACHED] = { "file-cached", N_("the page cache held the file's page") },
	[FAULT_FILE_READ] = { "file-read", N_("the file's page had to be read from disk") },
	[FAULT_COW_FILE] = { "cow-file", N_("written: a private copy of the file's page") },
	[FAULT_COW_FORK] = { "cow-fork",
			     N_("written: a private copy of a page that was shared since a fork") },
	[FAULT_SWAP_IN] = { "swap-in", N_("it was swapped out") },
	[FAULT_SHM] = { "shm", N_("shared memory: the object's page was mapped") },
	[FAULT_STACK_GROWTH] = { "stack-growth", N_("the stack grew, or other memory that grows down") },
	[FAULT_GUARD] = { "guard", N_("a guard page, or a region without rights") },
	[FAULT_REUSE] = { "reuse", N_("written: by then only this process had the frame, and kept it") },
	[FAULT_STACK_END] = { "stack-end", N_("below the stack, which cannot grow any further") },
	[FAULT_NO_REGION] = { "no-region", N_("nothing is mapped there") },
	[FAULT_NO_RIGHT] = { "no-right", N_("the region does not allow this access, for example a write") },
	[FAULT_NO_PAGE] = { "no-page", N_("the mapped file ends before it, or could not be read") },
	[FAULT_WRITE_ENABLE] = { "write-enable",
				 N_("the page was there, and only became writable or dirty again") },
	[FAULT_USERFAULT] = { "userfault",
			      N_("userfaultfd watches it: the program's own handler provided the page") },
	[FAULT_SPECIAL] = { "special", N_("a page of the kernel or of a device was mapped") },
};
_Static_assert(sizeof causes / sizeof causes[0] == FAULT_CAUSES, "each cause has its row");

const char *fault_cause_name(enum fault_cause cause)
{
	return causes[(unsigned)cause < FAULT_CAUSES ? cause : FAULT_CAUSE_UNKNOWN].name;
}

const char *fault_cause_meaning(enum fault_cause cause)
{
	return _(causes[(unsigned)cause < FAULT_CAUSES ? cause : FAULT_CAUSE_UNKNOWN].meaning);
}

const char *fault_why_text(enum fault_why why)
{
	static const char *const texts[FAULT_WHYS] = {
		[FAULT_WHY_NONE] = "",
		[FAULT_WHY_REGION] = N_("the region that held the address is not known"),
		[FAULT_WHY_BEFORE] = N_("the page was not seen before the fault"),
		[FAULT_WHY_ACCESS] =
		    N_("how it was accessed is not known, and the page was gone before it could be read"),
		[FAULT_WHY_SAME] = N_("the page looks the same before and after"),
		[FAULT_WHY_FORK] =
		    N_("it was not seen whether another process still held the page since a fork"),
		[FAULT_WHY_USERFAULT] =
		    N_("it was not seen whether userfaultfd still watched the region at that moment"),
		[FAULT_WHY_GROWTH] = N_("it was not seen whether the region grew by itself, as a stack does"),
	};
	return (unsigned)why < FAULT_WHYS && *texts[why] ? _(texts[why]) : "";
}

const char *fault_cause_from(const struct event_fault *fault)
{
	if (!fault->cause)
		return "";
	return fault->deduced ? "deduced" : "seen";
}

const char *stack_end_name(enum stack_end end)
{
	static const char *const names[STACK_ENDS] = {
		[STACK_WHOLE] = "",
		[STACK_CUT] = "",
		[STACK_SAMPLE_ENDS] = "sample",
		[STACK_NO_TABLES] = "no-tables",
		[STACK_SWITCHED] = "switched",
		[STACK_TOO_DEEP] = "depth",
		[STACK_NARROW] = "32-bit",
		[STACK_NOT_SAMPLED] = "not-sampled",
	};
	return (unsigned)end < STACK_ENDS ? names[end] : "";
}

const char *stack_end_text(enum stack_end end)
{
	static const char *const texts[STACK_ENDS] = {
		[STACK_WHOLE] = "",
		[STACK_CUT] = N_("cut off here: there was more than could be followed"),
		[STACK_SAMPLE_ENDS] = N_("cut off here: the stack is deeper than the sampled part"),
		[STACK_NO_TABLES] = N_("cut off here: this code has no unwind tables and no frame pointer"),
		[STACK_TOO_DEEP] = N_("cut off here: more functions than are kept"),
		[STACK_NARROW] = N_("cut off here: stacks of 32-bit programs cannot be followed"),
		[STACK_NOT_SAMPLED] =
		    N_("callers not sampled: when faults are many, only some have their stack"),
		[STACK_SWITCHED] = N_("cut off here: the program has changed to another stack"),
	};
	return (unsigned)end < STACK_ENDS && *texts[end] ? _(texts[end]) : "";
}

bool fault_is_fatal(enum fault_cause cause)
{
	return cause == FAULT_GUARD || (cause >= FAULT_STACK_END && cause <= FAULT_NO_PAGE);
}

bool fault_can_bring(enum fault_cause cause)
{
	return cause != FAULT_REUSE && cause != FAULT_WRITE_ENABLE && !fault_is_fatal(cause);
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
		[STOP_ASKED] = "asked", [STOP_FAULT] = "fault", [STOP_CALL] = "call",
		[STOP_EXEC] = "exec",   [STOP_CODE] = "code",   [STOP_EXIT] = "exit",
	};
	return (unsigned)why < STOP_KINDS ? names[why] : "";
}
