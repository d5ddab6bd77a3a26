/* Counted from the model's runs. What the model does not know widens the bounds. */
#include "expect/figure_pages.h"

#include <string.h>

#include "base/i18n.h"

struct pages_tally {
	uint64_t counts[RUNS_VALUES];
	uint64_t cache_unknown; /* reserved, or else cached */
	uint64_t flagged, flags_unknown;
	const char
	    *why; /* of the first page whose state is not known, else of the cache_unknown; NULL: of none */
};

/* Is it known whether a page has the flag? */
static bool flag_is_known(const struct process *p, uint32_t flag, uint32_t word)
{
	if (page_state(word) == PAGE_UNKNOWN)
		return false;
	if (!page_state_resident(page_state(word)) || flag == PAGE_HUGE)
		return true; /* the zero page has no flags: it is not a page of the process */
	if (!(word & (PAGE_EXCLUSIVE | PAGE_SHARED)))
		return false;
	return flag == PAGE_EXCLUSIVE || flag == PAGE_SHARED || p->sources[SOURCE_KPAGEFLAGS].ok;
}

static const char *why_no_flag(const struct process *p, uint32_t flag)
{
	const struct source_status *s = &p->sources[SOURCE_KPAGEFLAGS];

	if (flag == PAGE_EXCLUSIVE || flag == PAGE_SHARED || !s->known || (s->ok && !s->partial))
		return _("these flags were not read for all pages");
	return s->why;
}

static const char *why_no_cache(void)
{
	return _("whether the page cache holds a page of the file is not known here");
}

static void tally(struct pages_tally *t, const struct expect_where *w, uint32_t flag)
{
	const struct runs *pages = w->process->space->pages;

	for (size_t i = 0; i < w->count; i++) {
		struct runs_iter iter = runs_iter(pages, w->spans[i].first, w->spans[i].end);
		struct run run;
		while (runs_next(&iter, &run)) {
			uint64_t n = run.end - run.first;
			enum page_state state = page_state(run.value);
			if (state == PAGE_UNKNOWN && !t->counts[state])
				t->why = page_why_text(page_why(run.value));
			if (page_state_untouched(state) && run.value & PAGE_CACHE_UNKNOWN)
				t->cache_unknown += n;
			if (flag && !flag_is_known(w->process, flag, run.value))
				t->flags_unknown += n;
			else if (flag && run.value & flag && !page_state_zeroes(state))
				t->flagged += n;
			t->counts[state] += n;
		}
	}
	if (t->cache_unknown && !t->counts[PAGE_UNKNOWN])
		t->why = why_no_cache();
}

static uint64_t count_all(const uint64_t *counts)
{
	uint64_t all = 0;

	for (int i = PAGE_NONE + 1; i < PAGE_STATES; i++)
		all += counts[i];
	return all;
}

static struct expect_value count_state(const struct pages_tally *t, enum page_state state)
{
	int64_t sure = (int64_t)t->counts[state], doubtful = (int64_t)t->counts[PAGE_UNKNOWN];
	int64_t cache = (int64_t)t->cache_unknown;

	if (state == PAGE_UNKNOWN)
		return value_number(sure, VALUE_UNIT_PAGES);
	if (page_state_cached(state))
		return value_range(sure, sure + doubtful + cache, VALUE_UNIT_PAGES, t->why);
	if (page_state_untouched(state))
		return value_range(sure - cache, sure + doubtful, VALUE_UNIT_PAGES, t->why);
	return value_range(sure, sure + doubtful, VALUE_UNIT_PAGES, t->why);
}

static struct expect_value count_regions(const struct expect_where *w)
{
	const struct space *s = w->process->space;
	int64_t count = 0;

	for (size_t i = 0; i < s->count; i++)
		for (size_t k = 0; k < w->count; k++)
			if (region_first(s, s->regions[i]) < w->spans[k].end &&
			    region_end(s, s->regions[i]) > w->spans[k].first) {
				count++;
				break;
			}
	return value_number(count, VALUE_UNIT_NONE);
}

struct expect_value figure_count_pages(const struct figure *f, unsigned detail, const struct expect_where *w)
{
	uint32_t flag = f->id == FIGURE_FLAG_COUNT ? detail : 0;
	struct pages_tally t = { 0 };

	if (f->id == FIGURE_REGIONS)
		return count_regions(w);
	tally(&t, w, flag);
	int64_t all = (int64_t)count_all(t.counts), resident = (int64_t)page_resident(t.counts);
	switch (f->id) {
	case FIGURE_STATE_COUNT:
		return count_state(&t, (enum page_state)detail);
	case FIGURE_RESIDENT:
		return value_range(resident, resident + (int64_t)t.counts[PAGE_UNKNOWN], VALUE_UNIT_PAGES,
				   t.why);
	case FIGURE_PAGES:
		return value_number(all, VALUE_UNIT_PAGES);
	case FIGURE_SIZE:
		return value_number(all << w->process->space->page_shift, VALUE_UNIT_BYTES);
	default:
		return value_range((int64_t)t.flagged, (int64_t)(t.flagged + t.flags_unknown),
				   VALUE_UNIT_PAGES, why_no_flag(w->process, flag));
	}
}

static struct expect_value state_of(const struct expect_where *w)
{
	const struct space *s = w->process->space;
	uint32_t word = runs_at(s->pages, space_page(s, w->address)).value;

	if (page_state(word) == PAGE_UNKNOWN)
		return value_unknown(page_why_text(page_why(word)));
	if (page_state_untouched(page_state(word)) && word & PAGE_CACHE_UNKNOWN)
		return value_unknown(why_no_cache()); /* reserved, or cached */
	return value_word(page_state_name(page_state(word)));
}

struct expect_value figure_of_region(const struct figure *f, const struct expect_where *w)
{
	const struct region *r = space_find(w->process->space, w->address);
	char rights[5];

	if (f->id == FIGURE_STATE)
		return state_of(w);
	if (f->id == FIGURE_KIND)
		return value_word(r ? region_kind_name((enum region_kind)r->attr.kind) : "none");
	if (!r)
		return value_unknown(_("nothing is mapped there"));
	if (f->id == FIGURE_OFFSET)
		return value_number((int64_t)(r->attr.offset + w->address - r->attr.start), VALUE_UNIT_BYTES);
	if (f->id == FIGURE_INODE)
		return value_number((int64_t)r->attr.inode, VALUE_UNIT_NONE);
	if (f->id == FIGURE_RIGHTS)
		return value_text(region_perms_text(rights, r->attr.perms));
	return value_text(f->id == FIGURE_PATH ? r->attr.path : region_name(&r->attr));
}
