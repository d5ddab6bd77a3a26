/* What the kernel does when a page is touched, read backwards:
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
 *                                               readable page was written: a copy while
 *                                               another process has the frame, none once all others
 *                                               have ended, called exec, or got their copies
 *     swap            any    anywhere           any access
 *
 * A special mapping of the kernel's ([vdso], [vvar]) and a device's have neither zeroes nor the page cache's pages: the
 * kernel or a driver provides them. What page it is may not show in the entry.
 *
 * If a region is registered with userfaultfd, the kernel asks the program's handler instead of filling or
 * mapping a page itself, or before it allows a write (VmFlags um, ui, uw).
 *
 * Fatal faults are explained by the signal's si_code (see sigaction(2)):
 *
 *     SIGBUS                                  no page can be provided: past the end of a file
 *     SIGSEGV         a marked page           a guard page
 *                     SEGV_MAPERR             no region; if the next one above is the stack, which
 *                                             grows down, it would have had to grow and may not
 *                     SEGV_ACCERR             the region forbids it; if it forbids all access, a fence
 *
 * In a shared mapping a write and a read leave the same page: the access follows from the instruction, if it
 * could be decoded, or from the region's rights. An instruction whose page is not there faults at its own
 * address, which distinguishes execution from reading. */
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

/* The access to a page that looks the same after reading and writing. */
static enum fault_access open_access(const struct cause_facts *f)
{
	return f->region->perms & REGION_WRITE ? f->decoded : read_or_exec(f);
}

static struct cause unknown(enum fault_why why)
{
	return (struct cause){ .why = why };
}

static struct cause known(enum fault_cause cause, enum fault_access access)
{
	return (struct cause){ .cause = cause, .access = access };
}

/* Was the page seen before the fault, or did the processor find none? */
static bool fresh(const struct cause_facts *f)
{
	return page_state_untouched(page_state(f->was)) ||
	       (page_state(f->was) == PAGE_UNKNOWN && f->reported.known && !f->reported.present);
}

/* Nothing shows how the private page was, and what was written to it before can have been in swap. */
static bool may_be_swapped(const struct cause_facts *f)
{
	return f->machine.swaps && page_state(f->was) == PAGE_UNKNOWN &&
	       !(f->region->perms & REGION_MAY_SHARE);
}

static bool written_in_place(const struct cause_facts *f)
{
	return f->reported.present && f->reported.access == FAULT_WRITE;
}

static enum fault_cause from_file(const struct cause_facts *f)
{
	return f->major ? FAULT_FILE_READ : FAULT_FILE_CACHED;
}

/* In shared memory: was the page there, and only its entry had to become writable? The file system has to be
 * notified of that. */
static bool is_enabled(const struct cause_facts *f)
{
	if (!(f->region->perms & REGION_MAY_SHARE) || !(f->region->perms & REGION_WRITE))
		return false;
	return f->reported.known
		   ? written_in_place(f)
		   : page_state(f->was) == PAGE_FILE && f->decoded != FAULT_READ && !f->discards;
}

/* The page is the page cache's now. */
static struct cause infer_file(const struct cause_facts *f)
{
	bool shared = f->region->perms & REGION_MAY_SHARE;

	if (fresh(f))
		return known(from_file(f), shared ? open_access(f) : read_or_exec(f));
	if (is_enabled(f))
		return known(FAULT_WRITE_ENABLE, FAULT_WRITE);
	if (page_state(f->was) == PAGE_UNKNOWN && !f->reported.known && !shared)
		return known(from_file(f), read_or_exec(f)); /* a write would have left a copy */
	return unknown(page_state(f->was) == PAGE_UNKNOWN ? FAULT_WHY_BEFORE : FAULT_WHY_SAME);
}

/* It was shared since a fork: the first to write it gets a copy, and the last one to have it keeps it. */
static struct cause infer_forked(const struct cause_facts *f)
{
	if (f->others == CAUSE_OTHERS_UNKNOWN)
		return unknown(FAULT_WHY_FORK);
	return known(f->others == CAUSE_OTHERS_GONE ? FAULT_REUSE : FAULT_COW_FORK, FAULT_WRITE);
}

/* The page was there, and was the process's own before and after. */
static struct cause infer_same(const struct cause_facts *f)
{
	if (f->reported.known ? f->reported.access != FAULT_WRITE : f->decoded == FAULT_READ)
		return unknown(FAULT_WHY_SAME);
	if (!f->reported.known && f->discards)
		return unknown(FAULT_WHY_SAME);
	if (f->forked)
		return infer_forked(f);
	if (f->was & PAGE_SHARED)
		return known(FAULT_COW_FORK, FAULT_WRITE);
	/* after a fork that was not seen, or after rights came back, it looks the same */
	return unknown(FAULT_WHY_SAME);
}

/* The page was readable and was written; its state before was not seen. */
static struct cause infer_written(const struct cause_facts *f)
{
	if (f->forked && region_has_file(f->region) && f->others == CAUSE_OTHERS_GONE)
		return unknown(FAULT_WHY_BEFORE); /* a page of a file is copied in any case */
	if (f->forked)
		return infer_forked(f);
	if (!f->whole || f->region->hugetlb)
		return unknown(FAULT_WHY_BEFORE);
	if (f->machine.no_zero_page && !region_has_file(f->region))
		return unknown(FAULT_WHY_SAME);
	return known(region_has_file(f->region) ? FAULT_COW_FILE : FAULT_ZERO_REPLACED, FAULT_WRITE);
}

/* Does a read map the zero page or the file's page, not one of the process's own? */
static bool reading_shares(const struct cause_facts *f)
{
	return !f->region->hugetlb && (!f->machine.no_zero_page || region_has_file(f->region));
}

static bool is_only_read(const struct cause_facts *f)
{
	return (f->reported.known ? f->reported.access : f->decoded) == FAULT_READ && reading_shares(f);
}

/* The page is the process's own now. */
static struct cause infer_own(const struct cause_facts *f)
{
	enum fault_access written = reading_shares(f) ? FAULT_WRITE : FAULT_ACCESS_UNKNOWN;

	if (is_only_read(f) && (fresh(f) || page_state(f->was) == PAGE_NONE))
		return unknown(FAULT_WHY_USERFAULT); /* a read gives the zero page: something else wrote */
	switch (page_state(f->was)) {
	case PAGE_RESERVED:
	case PAGE_CACHED:
		return known(page_state(f->now) == PAGE_COPY ? FAULT_COW_FILE : FAULT_ZERO_FILL, written);
	case PAGE_NONE:
		return known(FAULT_ZERO_FILL, written);
	case PAGE_ZERO:
		return known(FAULT_ZERO_REPLACED, FAULT_WRITE);
	case PAGE_FILE:
		return known(FAULT_COW_FILE, FAULT_WRITE);
	case PAGE_ANON:
	case PAGE_COPY:
		return infer_same(f);
	case PAGE_SHM:
	case PAGE_SWAP:
	case PAGE_GUARD:
	case PAGE_STATES:
		return unknown(FAULT_WHY_SAME);
	case PAGE_UNKNOWN:
		if (written_in_place(f))
			return infer_written(f);
		if (fresh(f) && page_state(f->now) == PAGE_COPY)
			return f->reported.access == FAULT_WRITE ? known(FAULT_COW_FILE, FAULT_WRITE)
								 : unknown(FAULT_WHY_BEFORE);
		if (f->major && page_state(f->now) == PAGE_ANON && !region_has_file(f->region))
			return known(FAULT_SWAP_IN, FAULT_ACCESS_UNKNOWN); /* no other disk to wait for */
		return fresh(f) && !f->major && !may_be_swapped(f) ? known(FAULT_ZERO_FILL, written)
								   : unknown(FAULT_WHY_BEFORE);
	}
	return unknown(FAULT_WHY_SAME);
}

/* Mapped privately, its pages are copied when they are written. */
static struct cause infer_unseen_shm(const struct cause_facts *f, enum fault_access access)
{
	if (f->region->perms & REGION_MAY_SHARE || access == FAULT_READ || access == FAULT_EXEC)
		return known(FAULT_SHM, access);
	return access == FAULT_WRITE ? known(FAULT_COW_FILE, access) : unknown(FAULT_WHY_ACCESS);
}

/* The state after the fault was not seen: it follows from the access, if that is known. */
static struct cause infer_unseen(const struct cause_facts *f)
{
	const struct region_attr *r = f->region;
	bool shared = r->perms & REGION_MAY_SHARE, file = region_has_file(r) && r->kind != REGION_SHM;
	enum fault_access access = f->reported.known ? f->reported.access : open_access(f);

	/* a page that can be read faults when it is written */
	if (page_state(f->was) == PAGE_ZERO && access != FAULT_READ)
		return known(FAULT_ZERO_REPLACED, FAULT_WRITE);
	if (page_state(f->was) == PAGE_FILE && !shared && access != FAULT_READ && access != FAULT_EXEC)
		return known(FAULT_COW_FILE, FAULT_WRITE);
	if (page_state_private(page_state(f->was)))
		return infer_same(f);
	if (f->major && !shared && !region_has_file(r) && page_state(f->was) == PAGE_UNKNOWN &&
	    !f->reported.present)
		return known(FAULT_SWAP_IN, access); /* there is no other disk to wait for */
	if (!shared && page_state(f->was) == PAGE_UNKNOWN && written_in_place(f))
		return infer_written(f);
	if (is_enabled(f))
		return known(FAULT_WRITE_ENABLE, FAULT_WRITE);
	if (!fresh(f))
		return unknown(page_state(f->was) == PAGE_UNKNOWN ? FAULT_WHY_BEFORE : FAULT_WHY_SAME);
	if (may_be_swapped(f))
		return unknown(FAULT_WHY_BEFORE);
	if (r->kind == REGION_SHM)
		return infer_unseen_shm(f, access);
	if (shared && (!file || (!f->reported.known && r->perms & REGION_WRITE && access != FAULT_READ)))
		return unknown(FAULT_WHY_BEFORE); /* it may have come without a fault (MAP_POPULATE) */
	if (shared)
		return known(from_file(f), access);
	if (!file && f->machine.no_zero_page)
		return known(FAULT_ZERO_FILL, access);
	if (access == FAULT_ACCESS_UNKNOWN)
		return unknown(FAULT_WHY_ACCESS);
	if (access == FAULT_WRITE)
		return known(file ? FAULT_COW_FILE : FAULT_ZERO_FILL, access);
	return known(file ? from_file(f) : FAULT_ZERO_PAGE, access);
}

static struct cause infer_by_now(const struct cause_facts *f)
{
	switch (page_state(f->now)) {
	case PAGE_ZERO:
		return known(FAULT_ZERO_PAGE, FAULT_READ);
	case PAGE_ANON:
	case PAGE_COPY:
		return infer_own(f);
	case PAGE_FILE:
		return infer_file(f);
	case PAGE_SHM:
		return is_enabled(f) ? known(FAULT_WRITE_ENABLE, FAULT_WRITE)
				     : known(FAULT_SHM, open_access(f));
	case PAGE_NONE:
	case PAGE_RESERVED:
	case PAGE_CACHED:
	case PAGE_SWAP:
	case PAGE_GUARD:
	case PAGE_UNKNOWN:
	case PAGE_STATES:
		break;
	}
	return infer_unseen(f);
}

/* Written, it may also have been copied, if it is private, or only made writable. */
static struct cause infer_special(const struct cause_facts *f)
{
	bool writable = f->region->perms & REGION_WRITE, shared = f->region->perms & REGION_MAY_SHARE;
	enum page_state was = page_state(f->was), now = page_state(f->now);
	enum fault_access access = f->reported.known ? f->reported.access
				   : writable        ? f->decoded
						     : read_or_exec(f);

	if (page_state_private(was) || page_state_private(now))
		return infer_by_now(f); /* its copy */
	if (!writable || access == FAULT_READ || access == FAULT_EXEC)
		return known(FAULT_SPECIAL, access);
	if (is_enabled(f))
		return known(FAULT_WRITE_ENABLE, FAULT_WRITE);
	if (f->reported.known ? shared : was != PAGE_FILE && now == PAGE_FILE)
		return known(FAULT_SPECIAL, access);
	return unknown(FAULT_WHY_BEFORE);
}

/* Pages of files go to no handler, except those of shared memory; nor do those that the kernel or a driver provides. */
static bool can_be_registered(const struct region_attr *r)
{
	return (!region_has_file(r) && !region_is_special(r)) || r->kind == REGION_SHM || r->hugetlb;
}

/* Did it go to userfaultfd, or may it have? The handler is asked for missing pages (their entry is empty or,
 * for shared memory, the object has the page) and for writes to what it has protected. */
static bool went_to_handler(const struct cause_facts *f)
{
	enum page_state was = page_state(f->was), now = page_state(f->now);

	if (fresh(f))
		return f->userfault.modes & REGION_USERFAULT_MISSING || f->userfault.unsure ||
		       (f->userfault.modes & REGION_USERFAULT_MINOR && f->region->kind == REGION_SHM);
	if (!(f->userfault.modes & REGION_USERFAULT_WRITE) && !f->userfault.unsure)
		return false;
	return was == PAGE_UNKNOWN
		   ? written_in_place(f)
		   : was == now && page_state_resident(was) && (!f->reported.known || written_in_place(f));
}

static bool is_filled_by_other(const struct cause_facts *f)
{
	return is_only_read(f) && page_state(f->now) == PAGE_ANON && !(f->region->perms & REGION_MAY_SHARE);
}

static struct cause infer_userfault(const struct cause_facts *f)
{
	/* it may have been a copy or the zero page instead */
	if (!fresh(f) && page_state(f->was) == PAGE_UNKNOWN)
		return unknown(FAULT_WHY_BEFORE);
	if (!fresh(f) && (f->forked || f->was & PAGE_SHARED))
		return unknown(FAULT_WHY_SAME);
	/* reading gives the zero page: so somebody else wrote, and the handler was there before or after */
	if (f->userfault.unsure &&
	    !(f->userfault.modes & REGION_USERFAULT_MISSING && fresh(f) && is_filled_by_other(f)))
		return unknown(FAULT_WHY_USERFAULT);
	return known(FAULT_USERFAULT, FAULT_ACCESS_UNKNOWN);
}

static struct cause infer(const struct cause_facts *f)
{
	struct cause cause;

	if (!f->region)
		return (struct cause){ .access = f->decoded, .why = FAULT_WHY_REGION };
	if (page_state_swapped(page_state(f->was)))
		return known(FAULT_SWAP_IN, is_execution(f) ? FAULT_EXEC : f->decoded);
	if ((f->userfault.modes || f->userfault.unsure) && can_be_registered(f->region) && went_to_handler(f))
		return infer_userfault(f);
	cause = region_is_special(f->region) ? infer_special(f) : infer_by_now(f);
	if (f->grown == CAUSE_GROWN)
		cause = known(FAULT_STACK_GROWTH, cause.access);
	else if (f->grown == CAUSE_GROWN_UNSURE && cause.cause)
		cause = unknown(FAULT_WHY_GROWTH);
	if (!cause.access)
		cause.access = f->decoded;
	if (is_execution(f))
		cause.access = FAULT_EXEC;
	return cause;
}

static bool seen(uint32_t word)
{
	return page_state(word) != PAGE_UNKNOWN;
}

static bool mapped(uint32_t word)
{
	return page_state_mapped(page_state(word));
}

/* May a shared file's page that looked untouched have come in with a neighbour? Then a write only makes it
 * writable. */
static bool may_have_come_along(const struct cause_facts *f)
{
	const unsigned both = REGION_MAY_SHARE | REGION_WRITE;

	return f->along && f->decoded != FAULT_READ && f->region && region_has_file(f->region) &&
	       (f->region->perms & both) == both && page_state_untouched(page_state(f->was));
}

/* How the page was before: what was seen, unless the processor found otherwise; else what the last fault
 * left, if the processor agrees. What was seen can be out of date: the page may have come in with a
 * neighbour's fault, or the program may have discarded it. */
static uint32_t before(const struct cause_facts *f)
{
	uint32_t unseen = page_unknown(PAGE_WHY_NOT_READ);
	uint32_t was = seen(f->was) ? f->was : f->last;

	if (f->moved)
		return (f->reported.known ? !f->reported.present : f->moved == CAUSE_MOVED_ABSENT)
			   ? page_word(PAGE_RESERVED, 0)
			   : unseen;
	if (!f->reported.known) {
		/* inferred between two faults, the first of which has turned out to be a write */
		bool wrong =
		    f->between && page_state(f->was) == PAGE_ZERO && page_state(f->last) == PAGE_ANON;

		return wrong || may_have_come_along(f) ? unseen : f->was;
	}
	if (page_state_swapped(page_state(was)) || page_state(was) == PAGE_NONE)
		return was;
	return seen(was) && mapped(was) == f->reported.present ? was : unseen;
}

/* How it was after, if what was seen can be that: every fault leaves a page there (if it is gone by the look, it
 * went later); a write leaves neither the zero page nor, in private memory, a page of a file; and a read fills
 * none. */
static uint32_t after(const struct cause_facts *f)
{
	enum fault_access access = f->reported.known ? f->reported.access : f->decoded;
	enum page_state now = page_state(f->now);
	bool private = f->region && !(f->region->perms & REGION_MAY_SHARE);
	bool written = now == PAGE_ANON || now == PAGE_COPY;
	uint32_t unseen = page_unknown(PAGE_WHY_NOT_READ);

	if (seen(f->now) && !mapped(f->now))
		return unseen;
	if (private && access == FAULT_WRITE && (now == PAGE_ZERO || now == PAGE_FILE))
		return unseen;
	if (private && access == FAULT_READ && written && (f->between || f->replaced) &&
	    !f->region->hugetlb && page_state(f->was) != PAGE_SWAP)
		return unseen;
	return f->replaced && access == FAULT_ACCESS_UNKNOWN ? unseen : f->now;
}

/* Does the cause follow from more than what was seen before and after? That others held the frame follows
 * from the fork; that the page cache had the page, if it was not asked before, from the fact that the thread
 * did not wait; that the program's handler was asked, from the region. */
static bool is_deduced(const struct cause *c)
{
	return !seen(c->was) || !seen(c->now) || c->cause == FAULT_COW_FORK || c->cause == FAULT_REUSE ||
	       c->cause == FAULT_USERFAULT ||
	       (c->cause == FAULT_FILE_CACHED && page_state(c->was) == PAGE_RESERVED);
}

struct cause cause_infer(const struct cause_facts *facts)
{
	struct cause_facts f = *facts;
	struct cause cause;

	f.was = before(facts);
	f.now = after(facts);
	cause = infer(&f);
	if (f.reported.known)
		cause.access = f.reported.access;
	cause.now = f.now;
	cause.was = seen(facts->was) && page_state(f.was) != page_state(facts->was)
			? page_unknown(PAGE_WHY_NOT_READ)
			: facts->was;
	if (f.region && !region_is_cacheable(f.region))
		cause.was &= ~(uint32_t)PAGE_CACHE_UNKNOWN;
	cause.deduced = cause.cause != FAULT_CAUSE_UNKNOWN &&
			(facts->between || facts->moved || is_deduced(&cause) ||
			 (cause.cause == FAULT_WRITE_ENABLE && !facts->reported.known));
	return cause;
}

uint32_t cause_left(const struct event_fault *fault)
{
	switch (fault->cause) {
	case FAULT_ZERO_FILL:
	case FAULT_ZERO_REPLACED:
		return page_word(PAGE_ANON, 0);
	case FAULT_ZERO_PAGE:
		return page_word(PAGE_ZERO, 0);
	case FAULT_FILE_CACHED:
	case FAULT_FILE_READ:
		return page_word(PAGE_FILE, 0);
	case FAULT_COW_FILE:
		return page_word(PAGE_COPY, 0);
	case FAULT_SHM:
		return page_word(PAGE_SHM, 0);
	case FAULT_STACK_GROWTH:
		return fault->access == FAULT_WRITE ? page_word(PAGE_ANON, 0)
						    : page_unknown(PAGE_WHY_NOT_READ);
	case FAULT_COW_FORK:
	case FAULT_REUSE:
	case FAULT_SWAP_IN:
	case FAULT_WRITE_ENABLE:
	case FAULT_USERFAULT:
	case FAULT_SPECIAL:
	case FAULT_GUARD:
	case FAULT_STACK_END:
	case FAULT_NO_REGION:
	case FAULT_NO_RIGHT:
	case FAULT_NO_PAGE:
	case FAULT_CAUSE_UNKNOWN:
	case FAULT_CAUSES:
		break;
	}
	return seen(fault->now) ? fault->now & PAGE_STATE_MASK : page_unknown(PAGE_WHY_NOT_READ);
}

uint32_t cause_between(uint32_t was, uint32_t now, bool no_zero_page)
{
	if (page_state_untouched(page_state(was)) && page_state(now) == PAGE_ANON && !no_zero_page)
		return page_word(PAGE_ZERO, 0);
	if (page_state_untouched(page_state(was)) && page_state(now) == PAGE_COPY)
		return page_word(PAGE_FILE, 0);
	return page_unknown(PAGE_WHY_NOT_READ);
}

static enum fault_cause fatal_cause(const struct fatal_facts *f)
{
	if (f->signal == SIGBUS)
		return FAULT_NO_PAGE;
	if (f->guard)
		return FAULT_GUARD;
	if (f->code == SEGV_MAPERR)
		return !f->region && f->above && f->above->kind == REGION_STACK ? FAULT_STACK_END
										: FAULT_NO_REGION;
	return f->region && region_is_closed(f->region) ? FAULT_GUARD : FAULT_NO_RIGHT;
}

/* If a region can be read but not written, the access was a write: nothing else is fatal there, except
 * execution. */
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

	return known(cause, f->reported.known ? f->reported.access : fatal_access(f, cause));
}
