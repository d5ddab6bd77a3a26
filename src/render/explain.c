/* Why a page is as it is, in words for the back row of a lecture hall.
 *
 * State and backing decide the sentences; flags and the page's detail add to them. First what the state is,
 * then what brings a page into it. The second is stated as the kernel's general rule: page tables do not show
 * what happened here. */
#include "render/explain.h"

#include <string.h>

#include "base/i18n.h"

void explain_state(struct strbuf *out, uint32_t word)
{
	strbuf_puts(out, page_state_name(page_state(word)));
	if (page_state(word) == PAGE_UNKNOWN)
		return;
	for (uint32_t bit = PAGE_EXCLUSIVE; bit <= PAGE_FLAG_LAST; bit <<= 1)
		if (word & bit && bit != PAGE_CACHE_UNKNOWN && page_flag_name(bit))
			strbuf_printf(out, ", %s", page_flag_name(bit));
}

enum explain_backing explain_backing(const struct region *region)
{
	if (!region)
		return EXPLAIN_BACKING_NOTHING;
	bool shared = region->attr.perms & REGION_MAY_SHARE;
	if (region->attr.device)
		return EXPLAIN_BACKING_DEVICE;
	switch ((enum region_kind)region->attr.kind) {
	case REGION_TEXT:
	case REGION_RODATA:
	case REGION_DATA:
	case REGION_FILE:
		return shared ? EXPLAIN_BACKING_FILE_SHARED : EXPLAIN_BACKING_FILE_PRIVATE;
	case REGION_SHM:
		return shared ? EXPLAIN_BACKING_SHM : EXPLAIN_BACKING_SHM_PRIVATE;
	case REGION_VDSO:
	case REGION_VVAR:
	case REGION_VSYSCALL:
		return EXPLAIN_BACKING_KERNEL;
	default:
		return EXPLAIN_BACKING_ANON;
	}
}

static bool no_access(const struct region *region)
{
	return region && region_is_closed(&region->attr);
}

static bool writable(const struct region *region)
{
	return region && region->attr.perms & REGION_WRITE;
}

static bool of_file(enum explain_backing backing)
{
	return backing == EXPLAIN_BACKING_FILE_PRIVATE || backing == EXPLAIN_BACKING_FILE_SHARED;
}

/* For a page that is not mapped although it has a file: is it in the page cache? */
static void why_reserved_file(struct strbuf *out, uint32_t word, const struct page_detail *detail)
{
	if (!(word & PAGE_CACHE_UNKNOWN)) {
		strbuf_puts(out, _("Promised from the file, but not mapped in this process, and not in the "
				   "page cache either: it is only in the file."));
		return;
	}
	strbuf_puts(
	    out,
	    _("Promised from the file, but not mapped in this process. Whether the page cache holds it is "
	      "not known"));
	if (detail && detail->cached.refused)
		strbuf_printf(out, ": %s", detail->cached.why);
	strbuf_puts(out, ".");
}

/* A region that allows nothing. */
static const char *why_closed(void)
{
	return _("Addresses are set aside, but nothing is promised: the region may not be read, written or "
		 "executed (PROT_NONE), so nothing can come here until that changes, and a touch is a "
		 "segmentation fault. Guard zones look like this, and so does room kept for later.");
}

static const char *why_reserved_anon(const struct region *region)
{
	if (writable(region))
		return _("Promised, but no frame of memory is behind it yet. A read maps the shared zero "
			 "page, if there is one; a write gives it a zeroed frame.");
	return _("Promised, but no frame of memory is behind it yet. A read maps the shared zero page, if "
		 "there is one; the region is not writable.");
}

static void why_reserved(struct strbuf *out, uint32_t word, const struct region *region,
			 const struct page_detail *detail)
{
	enum explain_backing backing = explain_backing(region);
	if (no_access(region))
		strbuf_puts(out, why_closed());
	else if (region && region->attr.hugetlb)
		strbuf_puts(
		    out,
		    _("Promised from the pool of huge pages; none has been taken for it. The first touch "
		      "takes one."));
	else if (of_file(backing))
		why_reserved_file(out, word, detail);
	else if (backing == EXPLAIN_BACKING_SHM || backing == EXPLAIN_BACKING_SHM_PRIVATE)
		strbuf_puts(out, _("Promised from a shared memory object, but not mapped in this process. "
				   "Another process may have filled it: that cannot be seen from here."));
	else if (backing == EXPLAIN_BACKING_KERNEL)
		strbuf_puts(
		    out, _("The kernel shares this page of its own with every process; it is mapped at the "
			   "first touch."));
	else if (backing == EXPLAIN_BACKING_DEVICE)
		strbuf_puts(
		    out, _("Promised from a device, but not mapped in this process: its driver decides what "
			   "comes here."));
	else
		strbuf_puts(out, why_reserved_anon(region));
}

static const char *why_file(enum explain_backing backing, const struct region *region)
{
	if (backing == EXPLAIN_BACKING_KERNEL)
		return _("A page of the kernel's own is mapped: the same frame in every process.");
	if (backing == EXPLAIN_BACKING_FILE_SHARED && writable(region))
		return _("The page cache's own page of the file is mapped: a write here changes the file, "
			 "and everyone who reads the file sees it.");
	if (backing == EXPLAIN_BACKING_FILE_SHARED)
		return _("The page cache's own page of the file is mapped: whoever changes the file changes "
			 "what is seen here.");
	return _("The page cache's own page of the file is mapped: everyone who uses it shares this frame. "
		 "This process has not written to it.");
}

/* Sections that hold addresses, which the loader fills in before the program starts. */
static bool is_relocated_section(const char *section)
{
	static const char *const names[] = { ".got",        ".got.plt",    ".data.rel.ro",
					     ".init_array", ".fini_array", ".dynamic" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(section, names[i]))
			return true;
	return false;
}

/* For a page of its own that its fault filled with neither zeroes nor its file's bytes; NULL: it may have. */
static const char *why_own(const struct event_fault *fault)
{
	switch (fault ? fault->cause : FAULT_CAUSE_UNKNOWN) {
	case FAULT_COW_FORK:
		return _("It has a frame of its own: a copy of the one that it shared with another process "
			 "after a fork.");
	case FAULT_REUSE:
		return _("It has a frame of its own: the one that it shared with another process after a "
			 "fork, and that nobody else holds any more.");
	case FAULT_SWAP_IN:
		return _("It has a frame of its own, with the bytes that were in swap.");
	case FAULT_USERFAULT:
		return _("It has a frame of its own, with what the handler of userfaultfd put in it.");
	case FAULT_ZERO_FILL:
	case FAULT_ZERO_PAGE:
	case FAULT_ZERO_REPLACED:
	case FAULT_FILE_CACHED:
	case FAULT_FILE_READ:
	case FAULT_COW_FILE:
	case FAULT_SHM:
	case FAULT_STACK_GROWTH:
	case FAULT_WRITE_ENABLE:
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
	return NULL;
}

static void why_copy(struct strbuf *out, const struct region *region, const struct page_detail *detail,
		     const struct event_fault *fault)
{
	const char *section = detail && detail->location.section ? detail->location.section : "";
	const char *own = why_own(fault);
	strbuf_puts(
	    out,
	    own ? own
		: _("Copy-on-write happened: a write gave this process a frame of its own, filled from the "
		    "file's page. The file did not change."));
	if (is_relocated_section(section))
		strbuf_printf(out, _(" It begins in %s, where the loader writes addresses (relocation)."),
			      section);
	else if (region && region->attr.kind == REGION_TEXT)
		strbuf_puts(out,
			    _(" Code is rarely written to: a debugger's breakpoint does it, or relocation."));
	else if (region && !writable(region))
		strbuf_puts(out, _(" The region is read-only now: it was written to before, as the loader "
				   "does when it relocates, or by a debugger."));
}

static const char *why_anon(const struct region *region, const struct event_fault *fault)
{
	const char *own = why_own(fault);
	if (own)
		return own;
	if (region && region->attr.kind == REGION_STACK)
		return _("This page of the stack has a frame of its own. The kernel gives it one, zeroed, "
			 "when the stack first reaches it, or when exec puts arguments there.");
	if (region && region->attr.kind == REGION_BSS)
		return _("It has a frame of its own, zeroed when it was first needed, so variables that "
			 "start as zero take no room in the program's file.");
	return _("It has a frame of its own. The kernel gives it one, zeroed, when it is first needed, or "
		 "ahead of that if asked to (MAP_POPULATE, mlock).");
}

/* Adds what the flags say. Only those that were read are set. */
static void why_flags(struct strbuf *out, uint32_t word, const struct region *region)
{
	enum page_state state = page_state(word);
	bool own = page_state_private(state);
	if (word & PAGE_KSM)
		strbuf_puts(out, _(" The kernel merged it with equal pages (KSM)."));
	else if (word & PAGE_SHARED && own)
		strbuf_puts(
		    out, _(" The frame is mapped more than once, as after a fork: whoever writes to it first "
			   "gets a copy."));
	else if (word & PAGE_SHARED && page_state_of_file(state))
		strbuf_puts(out, _(" It is mapped elsewhere too."));
	else if (word & PAGE_EXCLUSIVE && page_state_of_file(state) &&
		 explain_backing(region) != EXPLAIN_BACKING_KERNEL)
		strbuf_puts(out, _(" Nobody else maps it now."));
	if (word & PAGE_HUGETLB)
		strbuf_puts(out, _(" It comes from the pool of huge pages, which RSS leaves out."));
	else if (word & PAGE_HUGE)
		strbuf_puts(out,
			    _(" It is part of a huge page: one entry, a level up, maps all of it at once."));
	if (word & PAGE_DIRTY && page_state_of_cache(state))
		strbuf_puts(out, _(" It is dirty: changed since it was last written back."));
	if (word & PAGE_LOCKED)
		strbuf_puts(out, _(" It is locked: it may not be swapped out (mlock)."));
	if (word & PAGE_REFERENCED)
		strbuf_puts(out, _(" The kernel counts it as recently used."));
}

static void why_unknown(struct strbuf *out, uint32_t word, const struct region *region)
{
	if (region && region->attr.kind == REGION_VSYSCALL)
		strbuf_puts(
		    out,
		    _("The old, fixed place of the kernel's fast system calls, the same in every process. It "
		      "lies outside the process's own page tables, so nothing reports on it."));
	else
		strbuf_printf(out, _("What is behind this page is not known: %s."),
			      page_why_text(page_why(word)));
}

void explain_why(struct strbuf *out, uint32_t word, const struct region *region,
		 const struct page_detail *detail, const struct event_fault *fault)
{
	switch (page_state(word)) {
	case PAGE_NONE:
	case PAGE_STATES:
		strbuf_puts(out, _("No region covers this address: the kernel has promised nothing here."));
		return;
	case PAGE_RESERVED:
		why_reserved(out, word, region, detail);
		break;
	case PAGE_CACHED:
		strbuf_puts(out, _("The page cache already holds this page of the file, but this process has "
				   "not mapped it. It is in memory, but not in the process's RSS."));
		break;
	case PAGE_ZERO:
		strbuf_puts(
		    out,
		    _("Read but not written: it maps the kernel's one shared page of zeroes, like all such "
		      "pages. No frame of its own, nothing in RSS."));
		break;
	case PAGE_FILE:
		strbuf_puts(out, why_file(explain_backing(region), region));
		break;
	case PAGE_COPY:
		why_copy(out, region, detail, fault);
		break;
	case PAGE_ANON:
		strbuf_puts(out, why_anon(region, fault));
		break;
	case PAGE_SHM:
		strbuf_puts(out, _("A page of a shared memory object is mapped: everyone who maps that "
				   "object has this same frame, and sees every change at once."));
		break;
	case PAGE_SWAP:
		strbuf_puts(
		    out,
		    _("The kernel took its frame away and keeps the bytes in swap. The page is as it was, "
		      "only slower to reach."));
		break;
	case PAGE_GUARD:
		strbuf_puts(
		    out,
		    no_access(region) ? why_closed()
		    : word & PAGE_POISON
			? _("A poisoned page, marked as damaged by userfaultfd or by the kernel. It has no "
			    "frame, and every touch ends in SIGBUS.")
			: _("A guard page, set up to catch whoever runs past an end. It has no frame, and "
			    "every touch is a segmentation fault."));
		break;
	case PAGE_UNKNOWN:
		why_unknown(out, word, region);
		return;
	}
	why_flags(out, word, region);
}

/* What the next touch of a page would do.
 *
 * The order is the processor's and the kernel's own: an entry that allows the access
 * makes no fault. Otherwise the region is asked first: no region or no right is a
 * segmentation fault; then the fault is handled by what is behind the page. */

const char *explain_touch_name(enum explain_touch touch)
{
	switch (touch) {
	case EXPLAIN_TOUCH_READ:
		return _("read");
	case EXPLAIN_TOUCH_WRITE:
		return _("write");
	default:
		return _("exec");
	}
}

const char *explain_outcome_name(enum explain_outcome outcome)
{
	switch (outcome) {
	case EXPLAIN_PASS:
		return _("no fault");
	case EXPLAIN_AT_MOST_MINOR:
		return _("at most minor");
	case EXPLAIN_MINOR:
		return _("minor fault");
	case EXPLAIN_MAJOR:
		return _("major fault");
	case EXPLAIN_FAULT:
		return _("fault, minor or major");
	case EXPLAIN_SIGNAL:
		return _("segmentation fault");
	case EXPLAIN_UNKNOWN:
		break;
	}
	return _("not known");
}

static struct forecast forecast(enum explain_outcome outcome, const char *text)
{
	return (struct forecast){ outcome, text };
}

/* The access that the region must allow. x86 has no pages that can be written or executed and not read, short
 * of protection keys: the kernel lets such reads through. */
static bool is_refused(enum explain_touch touch, const struct region *region, struct forecast *out)
{
	static const uint8_t right[EXPLAIN_TOUCH_KINDS] = { REGION_READ, REGION_WRITE, REGION_EXEC };
	uint8_t perms = region->attr.perms;
	if (perms & right[touch])
		return false;
	if (region_is_closed(&region->attr))
		*out = forecast(EXPLAIN_SIGNAL, _("the region allows no access"));
	else if (touch == EXPLAIN_TOUCH_WRITE)
		*out = forecast(EXPLAIN_SIGNAL, _("the region is not writable"));
	else if (touch == EXPLAIN_TOUCH_EXEC)
		*out = forecast(EXPLAIN_SIGNAL, _("the region is not executable"));
	else
		*out = forecast(EXPLAIN_UNKNOWN, _("not allowed, but not every processor can forbid it"));
	return true;
}

/* A page of a file that is not mapped yet: the fault's kind is that of the page cache. */
static enum explain_outcome from_file(uint32_t word)
{
	if (page_state_cached(page_state(word)))
		return EXPLAIN_MINOR;
	return word & PAGE_CACHE_UNKNOWN ? EXPLAIN_FAULT : EXPLAIN_MAJOR;
}

static struct forecast load_from_file(uint32_t word)
{
	switch (from_file(word)) {
	case EXPLAIN_MINOR:
		return forecast(EXPLAIN_MINOR, _("maps the page cache's page, often with cached neighbours"));
	case EXPLAIN_MAJOR:
		return forecast(EXPLAIN_MAJOR,
				_("reads the file's page, then maps it; past the file's end: SIGBUS"));
	default:
		return forecast(
		    EXPLAIN_FAULT,
		    _("minor if the page cache holds it, else major; past the file's end: SIGBUS"));
	}
}

static struct forecast load_absent(uint32_t word, const struct region *region)
{
	switch (explain_backing(region)) {
	case EXPLAIN_BACKING_FILE_PRIVATE:
	case EXPLAIN_BACKING_FILE_SHARED:
		return region->attr.hugetlb ? forecast(EXPLAIN_MINOR, _("takes a huge page from the pool"))
					    : load_from_file(word);
	case EXPLAIN_BACKING_SHM:
	case EXPLAIN_BACKING_SHM_PRIVATE:
		if (region->attr.hugetlb)
			return forecast(EXPLAIN_MINOR, _("takes a huge page from the pool"));
		return forecast(EXPLAIN_FAULT,
				_("maps the object's page, or a zeroed one if it has none yet"));
	case EXPLAIN_BACKING_KERNEL:
		return forecast(EXPLAIN_MINOR, _("maps the kernel's page"));
	case EXPLAIN_BACKING_DEVICE:
		return forecast(EXPLAIN_UNKNOWN, _("the device's driver decides"));
	default:
		return region->attr.hugetlb
			   ? forecast(EXPLAIN_MINOR, _("takes a huge page from the pool"))
			   : forecast(EXPLAIN_MINOR, _("maps the shared zero page, if there is one"));
	}
}

static struct forecast store_to_absent_file(uint32_t word, bool shared)
{
	enum explain_outcome outcome = from_file(word);
	if (shared)
		return forecast(outcome,
				outcome == EXPLAIN_MINOR
				    ? _("maps the page cache's page and marks it dirty")
				    : _("brings the file's page into the page cache, marks it dirty"));
	return forecast(outcome, outcome == EXPLAIN_MINOR
				     ? _("copy-on-write: copies the cached page to a frame of its own")
				     : _("brings the file's page in, copies it to a frame of its own"));
}

static struct forecast store_to_absent(uint32_t word, const struct region *region)
{
	enum explain_backing backing = explain_backing(region);
	if (region->attr.hugetlb)
		return load_absent(word, region);
	if (backing == EXPLAIN_BACKING_FILE_PRIVATE || backing == EXPLAIN_BACKING_FILE_SHARED)
		return store_to_absent_file(word, backing == EXPLAIN_BACKING_FILE_SHARED);
	if (backing == EXPLAIN_BACKING_SHM_PRIVATE)
		return forecast(EXPLAIN_FAULT, _("copies the object's page to a frame of its own"));
	if (backing == EXPLAIN_BACKING_ANON)
		return forecast(EXPLAIN_MINOR, _("the kernel gives a zeroed frame of its own"));
	return load_absent(word, region);
}

static struct forecast store_to_present(uint32_t word, const struct region *region)
{
	bool shared_mapping = region->attr.perms & REGION_MAY_SHARE;
	switch (page_state(word)) {
	case PAGE_ZERO:
		return forecast(EXPLAIN_MINOR, _("a zeroed frame of its own replaces the zero page"));
	case PAGE_FILE:
		if (shared_mapping)
			return forecast(EXPLAIN_AT_MOST_MINOR, _("changes the file's page; marks it dirty"));
		return forecast(EXPLAIN_MINOR, _("copy-on-write: copies it to a frame of its own"));
	case PAGE_SHM:
		if (shared_mapping)
			return forecast(EXPLAIN_AT_MOST_MINOR, _("everyone who maps the object sees it"));
		return forecast(EXPLAIN_MINOR, _("copy-on-write: copies it to a frame of its own"));
	case PAGE_NONE:
	case PAGE_RESERVED:
	case PAGE_CACHED:
	case PAGE_COPY:
	case PAGE_ANON:
	case PAGE_SWAP:
	case PAGE_GUARD:
	case PAGE_UNKNOWN:
	case PAGE_STATES:
		break;
	}
	if (word & (PAGE_SHARED | PAGE_KSM))
		return forecast(EXPLAIN_MINOR, _("copy-on-write: copies it to a frame of its own"));
	return forecast(EXPLAIN_AT_MOST_MINOR, _("goes to its own frame, nothing is copied"));
}

struct forecast explain_touch(enum explain_touch touch, uint32_t word, const struct region *region)
{
	struct forecast refused;
	if (!region || page_state(word) == PAGE_NONE)
		return forecast(EXPLAIN_SIGNAL, _("no region is here"));
	if (region->attr.kind == REGION_VSYSCALL && touch == EXPLAIN_TOUCH_EXEC)
		return forecast(EXPLAIN_UNKNOWN,
				_("the kernel emulates the old call, where it still offers it"));
	if (is_refused(touch, region, &refused))
		return refused;
	switch (page_state(word)) {
	case PAGE_GUARD:
		return forecast(EXPLAIN_SIGNAL,
				word & PAGE_POISON ? _("a poisoned page: SIGBUS") : _("a guard page"));
	case PAGE_SWAP:
		return forecast(EXPLAIN_FAULT,
				_("major: read back from swap; minor if it is still in memory"));
	case PAGE_RESERVED:
	case PAGE_CACHED:
		return touch == EXPLAIN_TOUCH_WRITE ? store_to_absent(word, region)
						    : load_absent(word, region);
	case PAGE_UNKNOWN:
		return forecast(EXPLAIN_UNKNOWN,
				_("allowed by the region; what is behind the page is not known"));
	case PAGE_NONE: /* answered above */
	case PAGE_STATES:
	case PAGE_ZERO:
	case PAGE_FILE:
	case PAGE_COPY:
	case PAGE_ANON:
	case PAGE_SHM:
		break;
	}
	return touch == EXPLAIN_TOUCH_WRITE ? store_to_present(word, region)
					    : forecast(EXPLAIN_PASS, _("the entry allows it"));
}

struct forecast explain_stack_growth(void)
{
	return forecast(
	    EXPLAIN_UNKNOWN,
	    _("the stack grows down to here if its size limit allows, else a segmentation fault"));
}

void explain_next(struct strbuf *out, uint32_t word, const struct region *region)
{
	for (int i = 0; i < EXPLAIN_TOUCH_KINDS; i++) {
		struct forecast next = explain_touch((enum explain_touch)i, word, region);
		strbuf_printf(out, "%s%s: %s", i ? "; " : "", explain_touch_name((enum explain_touch)i),
			      explain_outcome_name(next.outcome));
		if (*next.text)
			strbuf_printf(out, " (%s)", next.text);
	}
}
