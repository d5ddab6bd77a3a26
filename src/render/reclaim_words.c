#include "render/reclaim_words.h"

#include <inttypes.h>

#include "base/i18n.h"

/* How many pages more are in a state than before. */
static uint64_t more(const struct control_done *d, enum page_state state)
{
	uint64_t was = d->before.states[state], is = d->after.states[state];

	return is > was ? is - was : 0;
}

static uint64_t less(uint64_t before, uint64_t after)
{
	return before > after ? before - after : 0;
}

static uint64_t swapped(const struct control_census *census)
{
	return page_sum(census->states, page_state_swapped);
}

static void add_part(struct strbuf *out, bool *any, const char *format, uint64_t count)
{
	if (!count)
		return;
	strbuf_puts(out, *any ? ", " : ": ");
	strbuf_printf(out, format, count);
	*any = true;
}

static void evicted(struct strbuf *out, const struct control_done *d)
{
	uint64_t before = page_resident(d->before.states), after = page_resident(d->after.states);
	uint64_t gone = less(before, after), unknown = less(d->after.cache_unknown, d->before.cache_unknown);
	bool any = false;

	if (!before) {
		strbuf_puts(out, _("none of these pages was in memory"));
		return;
	}
	strbuf_printf(out,
		      ngettext("%" PRIu64 " of %" PRIu64 " page evicted",
			       "%" PRIu64 " of %" PRIu64 " pages evicted", (unsigned long)before),
		      gone, before);
	if (gone) {
		add_part(out, &any, _("%" PRIu64 " to swap"), less(swapped(&d->after), swapped(&d->before)));
		add_part(out, &any, _("%" PRIu64 " still cached"), more(d, PAGE_CACHED));
		add_part(out, &any, _("%" PRIu64 " on disk"), less(more(d, PAGE_RESERVED), unknown));
	}
	if (after)
		strbuf_printf(out,
			      ngettext("; %" PRIu64 " stays (locked, shared, new or no swap)",
				       "; %" PRIu64 " stay (locked, shared, new or no swap)",
				       (unsigned long)after),
			      after);
}

static void dropped(struct strbuf *out, const struct control_done *d)
{
	uint64_t cached = page_sum(d->before.states, page_state_cached);
	uint64_t mapped = page_sum(d->after.states, page_state_of_cache);

	if (d->after.cache_unknown)
		strbuf_puts(out, _("the drop was requested; the file's cached pages cannot be seen"));
	else if (!cached && !mapped)
		strbuf_puts(out, _("nothing to drop: the page cache has no unmapped page here"));
	else if (!cached)
		strbuf_puts(out, _("nothing was dropped or written"));
	else
		strbuf_printf(out,
			      ngettext("%" PRIu64 " of %" PRIu64 " cached page dropped",
				       "%" PRIu64 " of %" PRIu64 " cached pages dropped",
				       (unsigned long)cached),
			      less(cached, page_sum(d->after.states, page_state_cached)), cached);
	if (d->before.has_dirty && d->after.has_dirty && d->before.dirty > d->after.dirty)
		strbuf_printf(out,
			      ngettext("; %" PRIu64 " dirty page is being written to disk",
				       "; %" PRIu64 " dirty pages are being written to disk",
				       (unsigned long)(d->before.dirty - d->after.dirty)),
			      d->before.dirty - d->after.dirty);
	if (mapped)
		strbuf_printf(out,
			      ngettext("; %" PRIu64 " is mapped: evict it first",
				       "; %" PRIu64 " are mapped: evict them first", (unsigned long)mapped),
			      mapped);
}

static void written(struct strbuf *out, const struct control_done *d)
{
	if (d->before.has_dirty && d->after.has_dirty)
		strbuf_printf(
		    out,
		    ngettext("the file is on disk: %" PRIu64 " dirty page here before, now %" PRIu64,
			     "the file is on disk: %" PRIu64 " dirty pages here before, now %" PRIu64,
			     (unsigned long)d->before.dirty),
		    d->before.dirty, d->after.dirty);
	else
		strbuf_puts(out, _("the file is on disk"));
}

void reclaim_words(struct strbuf *out, enum control what, const struct control_done *d)
{
	if (what == CONTROL_EVICT)
		evicted(out, d);
	else if (what == CONTROL_DROP)
		dropped(out, d);
	else
		written(out, d);
}
