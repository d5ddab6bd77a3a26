/* Tiles are cut at the bounds of regions and where the state before differs; neighbours that differ
 * only in flags are one change. */
#include "export/page_changes.h"

#include "base/minmax.h"

struct joined_changes {
	int (*take)(void *, const struct page_change *);
	void *context;
	struct page_change last; /* not yet passed on; region NULL: none */
};

static int flush(struct joined_changes *c)
{
	int result = c->last.region ? c->take(c->context, &c->last) : 0;

	c->last.region = NULL;
	return result;
}

static int add(struct joined_changes *c, const struct page_change *change)
{
	struct page_change *last = &c->last;
	int result;

	if (page_state(change->was) == page_state(change->now))
		return 0;
	if (last->region == change->region && last->end == change->first &&
	    page_state(last->was) == page_state(change->was) &&
	    page_state(last->now) == page_state(change->now)) {
		last->end = change->end;
		return 0;
	}
	result = flush(c);
	*last = *change;
	return result;
}

static int add_tile(struct joined_changes *c, const struct space *space, const struct run *tile)
{
	int result = 0;

	for (uint64_t at = tile->first; at < tile->end && result == 0;) {
		const struct region *region = space_find(space, space_address(space, at));
		struct runs_iter iter;
		struct run run;
		uint64_t stop;

		if (!region)
			return 0;
		stop = min(region_end(space, region), tile->end);
		iter = runs_iter(space->pages, at, stop);
		while (result == 0 && runs_next(&iter, &run))
			result = add(
			    c, &(struct page_change){ region, run.first, run.end, run.value, tile->value });
		at = stop;
	}
	return result;
}

int page_changes_each(const struct space *space, const struct event *event,
		      int (*take)(void *, const struct page_change *), void *context)
{
	struct joined_changes c = { .take = take, .context = context };
	int result = 0;

	for (size_t i = 0; result == 0 && i < event->pages.n; i++)
		result = add_tile(&c, space, &event->pages.tiles[i]);
	return result ? result : flush(&c);
}
