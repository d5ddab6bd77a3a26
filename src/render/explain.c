/* Why a page is as it is, in words for the back row of a lecture hall.
 *
 * State and backing decide the sentences; flags and what was asked of the page add to
 * them. First what is so, then what makes a page so. The second is the kernel's rule,
 * said as a rule: who did it here is not known from the page tables. */
#include "render/explain.h"

#include <string.h>

#include "base/i18n.h"

void explain_state(struct strbuf *out, uint32_t word)
{
	strbuf_puts(out, page_state_name(page_state(word)));
	if (page_state(word) == PAGE_UNKNOWN)
		return;
	for (uint32_t bit = PAGE_EXCLUSIVE; bit < PAGE_CACHE_UNKNOWN; bit <<= 1)
		if (word & bit && page_flag_name(bit))
			strbuf_printf(out, ", %s", page_flag_name(bit));
}

enum backing explain_backing(const struct region *region)
{
	if (!region)
		return BACKING_NOTHING;
	bool shared = region->attr.perms & REGION_MAY_SHARE;
	if (region->attr.device)
		return BACKING_DEVICE;
	switch ((enum region_kind)region->attr.kind) {
	case REGION_TEXT:
	case REGION_RODATA:
	case REGION_DATA:
	case REGION_FILE:
		return shared ? BACKING_FILE_SHARED : BACKING_FILE_PRIVATE;
	case REGION_SHM:
		return shared ? BACKING_SHM : BACKING_SHM_PRIVATE;
	case REGION_VDSO:
	case REGION_VVAR:
	case REGION_VSYSCALL:
		return BACKING_KERNEL;
	default:
		return BACKING_ANON;
	}
}

static bool no_access(const struct region *region)
{
	return region && !(region->attr.perms & (REGION_READ | REGION_WRITE | REGION_EXEC));
}

static bool writable(const struct region *region)
{
	return region && region->attr.perms & REGION_WRITE;
}

static bool of_file(enum backing backing)
{
	return backing == BACKING_FILE_PRIVATE || backing == BACKING_FILE_SHARED;
}

/* Where nothing is behind the page although its file could be: is it in the page cache? */
static void why_reserved_file(struct strbuf *out, uint32_t word, const struct page_detail *detail)
{
	if (!(word & PAGE_CACHE_UNKNOWN)) {
		strbuf_puts(
		    out,
		    _("Promised from the file, but not mapped in this process, and the page cache does not "
		      "hold it: it is only in the file."));
		return;
	}
	strbuf_puts(
	    out,
	    _("Promised from the file, but not mapped in this process. Whether the page cache holds it is "
	      "not known"));
	if (detail && !detail->has_cached && detail->cached_why && *detail->cached_why)
		strbuf_printf(out, ": %s", detail->cached_why);
	strbuf_puts(out, ".");
}

static const char *why_reserved_anon(const struct region *region)
{
	if (writable(region))
		return _("Promised, but no frame of memory stands behind it. The first read maps the shared "
			 "zero page, "
			 "the first write a zeroed frame of its own.");
	return _("Promised, but no frame of memory stands behind it. The first read maps the shared zero "
		 "page; the "
		 "region is not writable.");
}

static void why_reserved(struct strbuf *out, uint32_t word, const struct region *region,
			 const struct page_detail *detail)
{
	enum backing backing = explain_backing(region);
	if (no_access(region))
		strbuf_puts(
		    out, _("Addresses set aside: no access is allowed, so nothing can come here until that "
			   "changes. Guard zones look so, and room kept for later."));
	else if (region && region->attr.hugetlb)
		strbuf_puts(
		    out,
		    _("Promised from the pool of huge pages; none has been taken for it. The first touch "
		      "takes one."));
	else if (of_file(backing))
		why_reserved_file(out, word, detail);
	else if (backing == BACKING_SHM || backing == BACKING_SHM_PRIVATE)
		strbuf_puts(out,
			    _("Promised from a shared memory object, but not mapped in this process. Another "
			      "process may have filled it: that is not seen from here."));
	else if (backing == BACKING_KERNEL)
		strbuf_puts(
		    out, _("The kernel lends every process this page of its own; it is mapped at the first "
			   "touch."));
	else if (backing == BACKING_DEVICE)
		strbuf_puts(
		    out, _("Promised from a device, but not mapped in this process: its driver decides what "
			   "comes here."));
	else
		strbuf_puts(out, why_reserved_anon(region));
}

static const char *why_file(enum backing backing, const struct region *region)
{
	if (backing == BACKING_KERNEL)
		return _("A page of the kernel's own is mapped, lent to every process: the same frame in all "
			 "of them.");
	if (backing == BACKING_FILE_SHARED && writable(region))
		return _("The page cache's own page of the file is mapped: a write here changes the file, "
			 "and all who "
			 "read the file see it.");
	if (backing == BACKING_FILE_SHARED)
		return _("The page cache's own page of the file is mapped: whoever changes the file changes "
			 "what is seen "
			 "here.");
	return _("The page cache's own page of the file is mapped: all who use it share this frame. No write "
		 "was made "
		 "to it here.");
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

static void why_copy(struct strbuf *out, const struct region *region, const struct page_detail *detail)
{
	const char *section = detail && detail->location.section ? detail->location.section : "";
	strbuf_puts(out,
		    _("Copy-on-write happened: a write gave this process a frame of its own, filled from the "
		      "file's page. The file did not change."));
	if (is_relocated_section(section))
		strbuf_printf(out, _(" It begins in %s, where the loader writes addresses (relocation)."),
			      section);
	else if (region && region->attr.kind == REGION_TEXT)
		strbuf_puts(out,
			    _(" Code is rarely written: a debugger's breakpoint does it, or relocation."));
	else if (region && !writable(region))
		strbuf_puts(
		    out,
		    _(" The region is read-only now: it was written while it was not, as the loader does "
		      "when it relocates, or through a debugger."));
}

static const char *why_anon(const struct region *region)
{
	if (region && region->attr.kind == REGION_STACK)
		return _("A frame of its own stands behind this page of the stack. The kernel gives it, "
			 "zeroed, when the "
			 "stack first reaches it, or exec puts arguments there.");
	if (region && region->attr.kind == REGION_BSS)
		return _("A frame of its own stands behind it. The first write brings it, zeroed: so "
			 "variables that "
			 "begin as zero take no room in the program's file.");
	return _("A frame of its own stands behind it. The kernel gives it, zeroed, at the first write, or "
		 "ahead where "
		 "asked (MAP_POPULATE, mlock).");
}

/* What the flags add: only those that were read are there. */
static void why_flags(struct strbuf *out, uint32_t word, const struct region *region)
{
	enum page_state state = page_state(word);
	bool own = state == PAGE_ANON || state == PAGE_COPY;
	if (word & PAGE_KSM)
		strbuf_puts(out, _(" The kernel merged it with equal pages (KSM)."));
	else if (word & PAGE_SHARED && own)
		strbuf_puts(
		    out, _(" The frame is mapped more than once, as after a fork: whoever writes to it first "
			   "gets a copy."));
	else if (word & PAGE_SHARED && state == PAGE_FILE)
		strbuf_puts(out, _(" It is mapped elsewhere too."));
	else if (word & PAGE_EXCLUSIVE && state == PAGE_FILE && explain_backing(region) != BACKING_KERNEL)
		strbuf_puts(out, _(" Nobody else maps it now."));
	if (word & PAGE_HUGETLB)
		strbuf_puts(out, _(" It comes from the pool of huge pages, which RSS leaves out."));
	else if (word & PAGE_HUGE)
		strbuf_puts(out,
			    _(" It is part of a huge page: one entry, a level up, maps all of it at once."));
	if (word & PAGE_DIRTY && (state == PAGE_FILE || state == PAGE_SHM))
		strbuf_puts(out, _(" It is dirty: changed since it was last written back."));
	if (word & PAGE_LOCKED)
		strbuf_puts(out, _(" It is locked: it may not be swapped out (mlock)."));
	if (word & PAGE_REFERENCED)
		strbuf_puts(out, _(" The kernel's ageing has it as used of late."));
}

static void why_unknown(struct strbuf *out, uint32_t word, const struct region *region)
{
	if (region && region->attr.kind == REGION_VSYSCALL)
		strbuf_puts(
		    out,
		    _("The old, fixed place of the kernel's fast system calls, the same in every process. "
		      "It lies outside of the process's own page tables, so nothing tells of it."));
	else
		strbuf_printf(out, _("What is behind this page cannot be told: %s."),
			      page_why_text(page_why(word)));
}

void explain_why(struct strbuf *out, uint32_t word, const struct region *region,
		 const struct page_detail *detail)
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
		strbuf_puts(
		    out,
		    _("The page cache holds this page of the file already, but this process has not mapped "
		      "it. It is in memory, and not in the process's RSS."));
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
		why_copy(out, region, detail);
		break;
	case PAGE_ANON:
		strbuf_puts(out, why_anon(region));
		break;
	case PAGE_SHM:
		strbuf_puts(
		    out,
		    _("A page of a shared memory object is mapped: all who map that object have this same "
		      "frame, and see every change at once."));
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
		    _("A guard page, set up to catch whoever runs past an end. It has no frame, and every "
		      "touch is a segmentation fault."));
		break;
	case PAGE_UNKNOWN:
		why_unknown(out, word, region);
		return;
	}
	why_flags(out, word, region);
}
