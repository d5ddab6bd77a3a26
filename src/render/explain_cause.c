#include "render/explain_cause.h"

#include "base/i18n.h"
#include "event/page.h"

static const char *explain_huge(const struct event_fault *fault)
{
	if (fault->cause == FAULT_ZERO_PAGE)
		return _("Read before it was written: the kernel mapped its shared huge page of zeroes, this "
			 "page and all around it at once.");
	return _("Touched for the first time: the kernel gave a whole huge page of zeroes, this page and all "
		 "around it at once.");
}

static const char *explain_zero_fill(const struct event_fault *fault)
{
	if (fault->access == FAULT_WRITE)
		return _(
		    "Written for the first time: the kernel gave it a frame of its own, filled with zeroes.");
	return _("Touched for the first time: the kernel gave it a frame of its own, filled with zeroes.");
}

/* Fatal faults. */
static const char *explain_no_right(const struct event_fault *fault)
{
	switch (fault->access) {
	case FAULT_WRITE:
		return _("This region may not be written to: the kernel changed nothing, and the thread got "
			 "SIGSEGV.");
	case FAULT_READ:
		return _("This region may not be read: the kernel gave nothing, and the thread got SIGSEGV.");
	case FAULT_EXEC:
		return _("Nothing in this region may be executed: the kernel gave nothing, and the thread "
			 "got SIGSEGV.");
	case FAULT_ACCESS_UNKNOWN:
		break;
	}
	return _("The rights of this region do not allow this access: the kernel gave nothing, and the "
		 "thread got SIGSEGV.");
}

static const char *explain_guard(const struct event_fault *fault)
{
	if (page_state_kills(page_state(fault->was)))
		return _("A guard page was touched: the kernel never gives a frame here, and the thread got "
			 "SIGSEGV.");
	return _("A fence was touched, a region that may not be read, written or executed: the thread got "
		 "SIGSEGV.");
}

static const char *explain_no_page(const struct event_fault *fault)
{
	if (fault->now & PAGE_POISON && page_state_kills(page_state(fault->now)))
		return _("The page is marked as damaged, by userfaultfd or by the kernel: there is no frame "
			 "to give, and the thread got SIGBUS.");
	return _("No page can be brought in here, as the mapped file ends before it or could not be read: "
		 "the thread got SIGBUS.");
}

static const char *explain_fatal(const struct event_fault *fault)
{
	switch (fault->cause) {
	case FAULT_GUARD:
		return explain_guard(fault);
	case FAULT_STACK_END:
		return _("Below the stack, which may not grow any further (its limit, ulimit -s, or the gap "
			 "to what lies below): the thread got SIGSEGV.");
	case FAULT_NO_REGION:
		return _("Nothing is mapped at this address: the kernel has no page to give, and the thread "
			 "got SIGSEGV.");
	case FAULT_NO_RIGHT:
		return explain_no_right(fault);
	case FAULT_NO_PAGE:
		return explain_no_page(fault);
	case FAULT_ZERO_FILL:
	case FAULT_ZERO_PAGE:
	case FAULT_ZERO_REPLACED:
	case FAULT_FILE_CACHED:
	case FAULT_FILE_READ:
	case FAULT_COW_FILE:
	case FAULT_COW_FORK:
	case FAULT_REUSE:
	case FAULT_SWAP_IN:
	case FAULT_SHM:
	case FAULT_STACK_GROWTH:
	case FAULT_WRITE_ENABLE:
	case FAULT_USERFAULT:
	case FAULT_SPECIAL:
	case FAULT_CAUSE_UNKNOWN:
	case FAULT_CAUSES:
		break;
	}
	return "";
}

static const char *explain_userfault(const struct event_fault *fault)
{
	if (fault->access == FAULT_WRITE && page_state_resident(page_state(fault->was)))
		return _("Written where userfaultfd catches writes: the thread waited until the "
			 "program's own handler let it go on.");
	return _("userfaultfd watches this memory: the thread waited until the program's own handler had put "
		 "the page there.");
}

const char *explain_cause(const struct event_fault *fault)
{
	switch (fault->cause) {
	case FAULT_ZERO_FILL:
		return fault->now & PAGE_HUGE ? explain_huge(fault) : explain_zero_fill(fault);
	case FAULT_ZERO_PAGE:
		return fault->now & PAGE_HUGE ? explain_huge(fault)
					      : _("Read before it was ever written: the kernel mapped its "
						  "one shared page of zeroes, which takes no memory.");
	case FAULT_ZERO_REPLACED:
		return _("Written after it had only been read: a zeroed frame of its own took the shared "
			 "zero page's place.");
	case FAULT_FILE_CACHED:
		return _("The page cache already held the file's page: the kernel only mapped it, nobody "
			 "waited for a disk.");
	case FAULT_FILE_READ:
		return _(
		    "The file's page was not in memory: the thread waited until it was read from the disk.");
	case FAULT_COW_FILE:
		return _("Written in a private mapping: the kernel copied the file's page, the file stays as "
			 "it is (copy-on-write).");
	case FAULT_COW_FORK:
		return _("Written while parent and child still shared it after a fork: the kernel made a "
			 "private copy (copy-on-write).");
	case FAULT_SWAP_IN:
		return fault->major ? _("It had been swapped out: the thread waited until it was read back "
					"from the disk.")
				    : _("It had been swapped out, but was still in memory: the kernel only "
					"mapped it again.");
	case FAULT_SHM:
		return _("Shared memory: the kernel mapped the object's page, which everyone who maps the "
			 "object sees.");
	case FAULT_STACK_GROWTH:
		return _("Touched below the end of a stack: the kernel made it longer and gave it a zeroed "
			 "frame.");
	case FAULT_GUARD:
	case FAULT_STACK_END:
	case FAULT_NO_REGION:
	case FAULT_NO_RIGHT:
	case FAULT_NO_PAGE:
		return explain_fatal(fault);
	case FAULT_REUSE:
		return _("Written when no other process held the frame any more: the frame stays, and "
			 "nothing is copied.");
	case FAULT_WRITE_ENABLE:
		return _("The page was there: only its entry had to change so that it could be written.");
	case FAULT_USERFAULT:
		return explain_userfault(fault);
	case FAULT_SPECIAL:
		return _("A special mapping: the kernel, or a driver, mapped a page of its own.");
	case FAULT_CAUSE_UNKNOWN:
	case FAULT_CAUSES:
		break;
	}
	return fault->why ? fault_why_text(fault->why)
			  : _("The cause is not known: the page's state before or after could not be read in "
			      "time.");
}
