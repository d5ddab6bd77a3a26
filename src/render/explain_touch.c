/* What the next touch of a page would do.
 *
 * The order is the processor's and the kernel's own: an entry that allows the access
 * makes no fault. Otherwise the region is asked first: no region or no right is a
 * segmentation fault; then the fault is handled by what is behind the page. */
#include "render/explain.h"

#include "base/i18n.h"

const char *touch_name(enum touch touch)
{
	switch (touch) {
	case TOUCH_READ:
		return _("read");
	case TOUCH_WRITE:
		return _("write");
	default:
		return _("exec");
	}
}

const char *outcome_name(enum outcome outcome)
{
	switch (outcome) {
	case OUTCOME_PASS:
		return _("no fault");
	case OUTCOME_AT_MOST_MINOR:
		return _("no or minor fault");
	case OUTCOME_MINOR:
		return _("minor fault");
	case OUTCOME_MAJOR:
		return _("major fault");
	case OUTCOME_FAULT:
		return _("fault, minor or major");
	case OUTCOME_SIGNAL:
		return _("segmentation fault");
	case OUTCOME_UNKNOWN:
		break;
	}
	return _("not known");
}

static struct forecast forecast(enum outcome outcome, const char *text)
{
	return (struct forecast){ outcome, text };
}

/* The right that the region must give. x86 has no pages that can be written or executed
 * and not read, short of protection keys: the kernel lets such reads through. */
static bool is_refused(enum touch touch, const struct region *region, struct forecast *out)
{
	static const uint8_t right[TOUCH_KINDS] = { REGION_READ, REGION_WRITE, REGION_EXEC };
	uint8_t perms = region->attr.perms;
	if (perms & right[touch])
		return false;
	if (!(perms & (REGION_READ | REGION_WRITE | REGION_EXEC)))
		*out = forecast(OUTCOME_SIGNAL, _("the region allows no access"));
	else if (touch == TOUCH_WRITE)
		*out = forecast(OUTCOME_SIGNAL, _("the region is not writable"));
	else if (touch == TOUCH_EXEC)
		*out = forecast(OUTCOME_SIGNAL, _("the region is not executable"));
	else
		*out = forecast(OUTCOME_UNKNOWN, _("not allowed, but not every processor can forbid it"));
	return true;
}

/* A page of a file that is not mapped yet: the fault's kind is that of the page cache. */
static enum outcome from_file(uint32_t word)
{
	if (page_state(word) == PAGE_CACHED)
		return OUTCOME_MINOR;
	return word & PAGE_CACHE_UNKNOWN ? OUTCOME_FAULT : OUTCOME_MAJOR;
}

static struct forecast load_from_file(uint32_t word)
{
	switch (from_file(word)) {
	case OUTCOME_MINOR:
		return forecast(OUTCOME_MINOR, _("maps the page cache's page, often with cached neighbours"));
	case OUTCOME_MAJOR:
		return forecast(OUTCOME_MAJOR,
				_("reads the file's page, then maps it; past the file's end: SIGBUS"));
	default:
		return forecast(
		    OUTCOME_FAULT,
		    _("minor if the page cache holds it, else major; past the file's end: SIGBUS"));
	}
}

static struct forecast load_absent(uint32_t word, const struct region *region)
{
	switch (explain_backing(region)) {
	case BACKING_FILE_PRIVATE:
	case BACKING_FILE_SHARED:
		return region->attr.hugetlb ? forecast(OUTCOME_MINOR, _("takes a huge page from the pool"))
					    : load_from_file(word);
	case BACKING_SHM:
	case BACKING_SHM_PRIVATE:
		if (region->attr.hugetlb)
			return forecast(OUTCOME_MINOR, _("takes a huge page from the pool"));
		return forecast(OUTCOME_FAULT,
				_("maps the object's page, or a zeroed one if it has none yet"));
	case BACKING_KERNEL:
		return forecast(OUTCOME_MINOR, _("maps the kernel's page"));
	case BACKING_DEVICE:
		return forecast(OUTCOME_UNKNOWN, _("the device's driver decides"));
	default:
		return region->attr.hugetlb ? forecast(OUTCOME_MINOR, _("takes a huge page from the pool"))
					    : forecast(OUTCOME_MINOR, _("maps the shared zero page"));
	}
}

static struct forecast store_to_absent_file(uint32_t word, bool shared)
{
	enum outcome outcome = from_file(word);
	if (shared)
		return forecast(outcome,
				outcome == OUTCOME_MINOR
				    ? _("maps the page cache's page and marks it dirty")
				    : _("brings the file's page into the page cache, marks it dirty"));
	return forecast(outcome, outcome == OUTCOME_MINOR
				     ? _("copy-on-write: copies the cached page to a frame of its own")
				     : _("brings the file's page in, copies it to a frame of its own"));
}

static struct forecast store_to_absent(uint32_t word, const struct region *region)
{
	enum backing backing = explain_backing(region);
	if (region->attr.hugetlb)
		return load_absent(word, region);
	if (backing == BACKING_FILE_PRIVATE || backing == BACKING_FILE_SHARED)
		return store_to_absent_file(word, backing == BACKING_FILE_SHARED);
	if (backing == BACKING_SHM_PRIVATE)
		return forecast(OUTCOME_FAULT, _("copies the object's page to a frame of its own"));
	if (backing == BACKING_ANON)
		return forecast(OUTCOME_MINOR, _("the kernel gives a zeroed frame of its own"));
	return load_absent(word, region);
}

static struct forecast store_to_present(uint32_t word, const struct region *region)
{
	bool shared_mapping = region->attr.perms & REGION_MAY_SHARE;
	switch (page_state(word)) {
	case PAGE_ZERO:
		return forecast(OUTCOME_MINOR, _("a zeroed frame of its own replaces the zero page"));
	case PAGE_FILE:
		if (shared_mapping)
			return forecast(OUTCOME_AT_MOST_MINOR, _("changes the file's page; marks it dirty"));
		return forecast(OUTCOME_MINOR, _("copy-on-write: copies it to a frame of its own"));
	case PAGE_SHM:
		if (shared_mapping)
			return forecast(OUTCOME_AT_MOST_MINOR, _("everyone who maps the object sees it"));
		return forecast(OUTCOME_MINOR, _("copy-on-write: copies it to a frame of its own"));
	default:
		break;
	}
	if (word & (PAGE_SHARED | PAGE_KSM))
		return forecast(OUTCOME_MINOR, _("copy-on-write: copies it to a frame of its own"));
	return forecast(OUTCOME_AT_MOST_MINOR, _("goes to its own frame, nothing is copied"));
}

struct forecast explain_touch(enum touch touch, uint32_t word, const struct region *region)
{
	struct forecast refused;
	if (!region || page_state(word) == PAGE_NONE)
		return forecast(OUTCOME_SIGNAL, _("no region is here"));
	if (region->attr.kind == REGION_VSYSCALL && touch == TOUCH_EXEC)
		return forecast(
		    OUTCOME_UNKNOWN,
		    _("the kernel steps in and does the old call itself, where it still offers it"));
	if (is_refused(touch, region, &refused))
		return refused;
	switch (page_state(word)) {
	case PAGE_GUARD:
		return forecast(OUTCOME_SIGNAL, _("a guard page"));
	case PAGE_SWAP:
		return forecast(OUTCOME_FAULT, _("major: read back from swap; minor if memory still has it"));
	case PAGE_RESERVED:
	case PAGE_CACHED:
		return touch == TOUCH_WRITE ? store_to_absent(word, region) : load_absent(word, region);
	case PAGE_UNKNOWN:
		return forecast(OUTCOME_UNKNOWN,
				_("allowed by the region; what is behind the page is not known"));
	default:
		return touch == TOUCH_WRITE ? store_to_present(word, region)
					    : forecast(OUTCOME_PASS, _("the entry allows it"));
	}
}

struct forecast explain_stack_growth(void)
{
	return forecast(
	    OUTCOME_UNKNOWN,
	    _("the stack grows down to here if its size limit allows, else a segmentation fault"));
}

void explain_next(struct strbuf *out, uint32_t word, const struct region *region)
{
	for (int i = 0; i < TOUCH_KINDS; i++) {
		struct forecast next = explain_touch((enum touch)i, word, region);
		strbuf_printf(out, "%s%s: %s", i ? "; " : "", touch_name((enum touch)i),
			      outcome_name(next.outcome));
		if (*next.text)
			strbuf_printf(out, " (%s)", next.text);
	}
}
