/* What the kernel does with a touch, read backwards:
 *
 *     was             now    in                 so it was
 *     reserved        zero   private memory     a read of fresh memory
 *     reserved        anon   private memory     a write to fresh memory
 *     zero            anon   private memory     a write where only reads were before
 *     reserved,cached file   a mapped file      a read, from the page cache or the disk (major)
 *     reserved,cached copy   a private mapping  a write: the page was found and copied at once
 *     file            copy   a private mapping  a write after reads
 *     anon, shared    anon   private memory     the first write after a fork
 *     anon            anon   private memory     the same, where it is known that it forked, or that a
 *                                               page that was there to read was written
 *     swap            any    anywhere           any access
 *
 * The kernel explains a fatal fault, by the signal's si_code (see sigaction(2)):
 *
 *     SIGBUS                                  no page can be had: behind the end of a file
 *     SIGSEGV         a marked page           a guard page
 *                     SEGV_MAPERR             no region; where the next one above is the stack, which
 *                                             grows down, it would have had to grow and may not
 *                     SEGV_ACCERR             the region forbids it: a fence, where it forbids all
 *
 * In a shared mapping a write and a read leave the same page, so that the access is known
 * only where writing is not allowed. An instruction that is not there faults at its own
 * address: that distinguishes execution from reading. */
#include "model/cause.h"

#include <signal.h>

#include "event/page.h"

#define INSTRUCTION_MAX 15 /* bytes, on x86: it can reach into the next page */

static bool is_execution(const struct cause_facts *f)
{
	return f->region && f->region->perms & REGION_EXEC && f->address - f->ip < INSTRUCTION_MAX;
}

static enum fault_access read_or_exec(const struct cause_facts *f)
{
	return is_execution(f) ? FAULT_EXEC : FAULT_READ;
}

/* Of a page that reading and writing leave alike. */
static enum fault_access not_writable(const struct cause_facts *f)
{
	return f->region->perms & REGION_WRITE ? FAULT_ACCESS_UNKNOWN : read_or_exec(f);
}

static bool untouched(uint32_t word)
{
	return page_state(word) == PAGE_RESERVED || page_state(word) == PAGE_CACHED;
}

static struct cause infer_file(const struct cause_facts *f)
{
	bool shared = f->region->perms & REGION_MAY_SHARE;

	if (untouched(f->was))
		return (struct cause){ f->major ? FAULT_FILE_READ : FAULT_FILE_CACHED,
				       shared ? not_writable(f) : read_or_exec(f) };
	if (page_state(f->was) == PAGE_FILE && shared && f->region->perms & REGION_WRITE)
		return (struct cause){ FAULT_OTHER, FAULT_WRITE }; /* the file system is asked first */
	return (struct cause){ page_state(f->was) == PAGE_UNKNOWN ? FAULT_CAUSE_UNKNOWN : FAULT_OTHER,
			       FAULT_ACCESS_UNKNOWN };
}

static struct cause infer_own(const struct cause_facts *f)
{
	enum fault_access written = f->region->hugetlb ? FAULT_ACCESS_UNKNOWN : FAULT_WRITE;

	switch (page_state(f->was)) {
	case PAGE_RESERVED:
	case PAGE_CACHED:
		return (struct cause){ page_state(f->now) == PAGE_COPY ? FAULT_COW_FILE : FAULT_ZERO_FILL,
				       written };
	case PAGE_NONE:
		return (struct cause){ FAULT_ZERO_FILL, written };
	case PAGE_ZERO:
		return (struct cause){ FAULT_ZERO_REPLACED, FAULT_WRITE };
	case PAGE_FILE:
		return (struct cause){ FAULT_COW_FILE, FAULT_WRITE };
	case PAGE_ANON:
	case PAGE_COPY:
		if (f->was & PAGE_SHARED || f->forked || (f->present && f->access == FAULT_WRITE))
			return (struct cause){ FAULT_COW_FORK, FAULT_WRITE };
		return (struct cause){ FAULT_OTHER, FAULT_ACCESS_UNKNOWN };
	case PAGE_UNKNOWN:
		return (struct cause){ FAULT_CAUSE_UNKNOWN, FAULT_ACCESS_UNKNOWN };
	default:
		return (struct cause){ FAULT_OTHER, FAULT_ACCESS_UNKNOWN };
	}
}

static struct cause infer_by_now(const struct cause_facts *f)
{
	switch (page_state(f->now)) {
	case PAGE_ZERO:
		return (struct cause){ FAULT_ZERO_PAGE, FAULT_READ };
	case PAGE_ANON:
	case PAGE_COPY:
		return infer_own(f);
	case PAGE_FILE:
		return infer_file(f);
	case PAGE_SHM:
		return (struct cause){ FAULT_SHM, not_writable(f) };
	default:
		/* how it is now is not known: a page that is there to read faults when it is written */
		if (page_state(f->was) == PAGE_ZERO)
			return (struct cause){ FAULT_ZERO_REPLACED, FAULT_WRITE };
		return (struct cause){ FAULT_CAUSE_UNKNOWN, FAULT_ACCESS_UNKNOWN };
	}
}

static struct cause infer(const struct cause_facts *f)
{
	struct cause cause;

	if (!f->region)
		return (struct cause){ FAULT_CAUSE_UNKNOWN, FAULT_ACCESS_UNKNOWN };
	if (page_state(f->was) == PAGE_SWAP)
		return (struct cause){ FAULT_SWAP_IN, is_execution(f) ? FAULT_EXEC : FAULT_ACCESS_UNKNOWN };
	cause = infer_by_now(f);
	if (f->grown && f->region->kind == REGION_STACK)
		cause.cause = FAULT_STACK_GROWTH;
	if (is_execution(f))
		cause.access = FAULT_EXEC;
	return cause;
}

struct cause cause_infer(const struct cause_facts *f)
{
	struct cause cause = infer(f);

	if (f->has_access)
		cause.access = f->access;
	return cause;
}

uint32_t cause_between(uint32_t was, uint32_t now)
{
	if (untouched(was) && page_state(now) == PAGE_ANON)
		return page_word(PAGE_ZERO, 0);
	if (untouched(was) && page_state(now) == PAGE_COPY)
		return page_word(PAGE_FILE, 0);
	return page_unknown(PAGE_WHY_NOT_READ);
}

#define ALL_RIGHTS (REGION_READ | REGION_WRITE | REGION_EXEC)

static enum fault_cause fatal_cause(const struct fatal_facts *f)
{
	if (f->signal == SIGBUS)
		return FAULT_NO_PAGE;
	if (f->guard)
		return FAULT_GUARD;
	if (f->code == SEGV_MAPERR)
		return !f->region && f->above && f->above->kind == REGION_STACK ? FAULT_STACK_END
										: FAULT_NO_REGION;
	return f->region && !(f->region->perms & ALL_RIGHTS) ? FAULT_GUARD : FAULT_NO_RIGHT;
}

/* Where reading is allowed and writing is not, the only fatal accesses are writing and execution. */
static enum fault_access fatal_access(const struct fatal_facts *f, enum fault_cause cause)
{
	unsigned perms = f->region ? f->region->perms : 0;

	if (f->address - f->ip < INSTRUCTION_MAX && !(perms & REGION_EXEC))
		return FAULT_EXEC;
	return cause == FAULT_NO_RIGHT && (perms & (REGION_READ | REGION_WRITE)) == REGION_READ
		   ? FAULT_WRITE
		   : FAULT_ACCESS_UNKNOWN;
}

struct cause cause_fatal(const struct fatal_facts *f)
{
	enum fault_cause cause = fatal_cause(f);

	return (struct cause){ cause, f->has_access ? f->access : fatal_access(f, cause) };
}
