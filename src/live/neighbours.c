/* A fault can bring more than its page. When a page of a file or of shared memory is read, the kernel also maps what the
 * page cache holds of the 16 pages around it, aligned, but not before the region begins, nor beyond its end or the page
 * table's ("fault-around", do_fault_around in Linux); when a huge page comes, all of it comes. A page that was not in the
 * cache, or is marked for readahead, comes with all of its folio, as far as that lies in the region and in one page table
 * (finish_fault in Linux 6.18: 1 MiB of a file, or more). Those pages have no fault of their own: they are the neighbours
 * of the touched page that became the same as it in the same reading. If two faults can have brought a page, it goes to
 * the one that has it among its 16, else to the earlier one. */
#include "live/neighbours.h"

#include "base/bisect.h"
#include "base/minmax.h"
#include "model/stories.h"

#define HUGE_BYTES (UINT64_C(1) << 21)

uint64_t neighbours_huge(const struct space *space)
{
	return space->page_shift < 21 ? HUGE_BYTES >> space->page_shift : 1;
}

/* The aligned window of `pages` pages around a page, within its region. */
static struct page_range window_at(const struct space *space, const struct region *region, uint64_t page,
				   uint64_t pages)
{
	uint64_t low = page & ~(pages - 1), high = low + pages;
	return (struct page_range){ max(low, region_first(space, region)),
				    min(high, region_end(space, region)) };
}

/* What fault-around can map with a page. */
static struct page_range around_at(const struct space *space, const struct region *region, uint64_t page)
{
	uint64_t low = max(page & ~(uint64_t)(NEIGHBOURS_AROUND - 1), region_first(space, region));
	uint64_t table_end = (page | (neighbours_huge(space) - 1)) + 1;
	return (struct page_range){ low,
				    min(min(low + NEIGHBOURS_AROUND, table_end), region_end(space, region)) };
}

bool neighbours_fill(const struct space *space, const struct region *region, uint64_t page)
{
	struct page_range window = around_at(space, region, page);
	enum page_state state = page_state(runs_at(space->pages, page).value);
	struct runs_iter iter = runs_iter(space->pages, window.first, window.end);
	for (struct run run; runs_next(&iter, &run);)
		if (page_state(run.value) != state)
			return false;
	return page_state_of_cache(state);
}

/* How many pages of later batches lie below a page. */
static size_t later_below(const struct touched_pages *t, uint64_t page)
{
	size_t at;

	bisect(at, 0, t->later_count, t->later[at] < page);
	return at;
}

/* How many pages on either side can have come with this fault: the window's; 1 for none. */
static uint64_t window_of(const struct space *space, const struct touch *touch)
{
	enum page_state now = page_state(touch->now);
	if (!page_state_untouched(page_state(touch->was)))
		return 1;
	if (touch->now & PAGE_HUGE)
		return neighbours_huge(space);
	return page_state_of_cache(now) ? NEIGHBOURS_AROUND : 1;
}

/* Has the page become like the touched one? In a region that was not seen before, all pages that are there
 * count as such. */
static bool became_like(const struct process *process, const struct seen *seen, const struct touch *touch,
			uint64_t page)
{
	uint32_t mask = PAGE_STATE_MASK | PAGE_HUGE, like = touch->now & mask;
	const struct seen_change *change = seen_lately(seen, page);
	if (!change)
		return touch->first && (runs_at(process->space->pages, page).value & mask) == like;
	return page_state_untouched(page_state(change->was)) && (change->now & mask) == like;
}

/* How far pages became like the touched one, from `page` on in one direction and before `end`. */
static uint16_t count_changed(const struct process *process, const struct seen *seen,
			      const struct touch *touch, int step, uint64_t end)
{
	uint64_t count = 0;
	for (uint64_t page = touch->page + (uint64_t)(int64_t)step; page != end;
	     page += (uint64_t)(int64_t)step) {
		if (!became_like(process, seen, touch, page))
			break;
		count++;
	}
	return (uint16_t)min(count, FAULT_AROUND_MAX);
}

/* The next touched page below or above, if it limits what came with this one. What lies between two that can
 * both have brought it belongs to the earlier one. */
static bool yields_to(const struct space *space, const struct touch *touch, const struct touch *other)
{
	return window_of(space, other) > 1 && other->record < touch->record;
}

/* How far what came with a page can reach: its window, its region, the touched pages next to it. */
static struct page_range reach(const struct space *space, const struct region *region,
			       const struct touch *touch, const struct touch *below,
			       const struct touch *above)
{
	uint64_t pages = window_of(space, touch);
	struct page_range window = pages == NEIGHBOURS_AROUND ? around_at(space, region, touch->page)
							      : window_at(space, region, touch->page, pages);
	uint64_t low = window.first, high = window.end;
	if (below && below->page >= low)
		low = yields_to(space, touch, below) ? touch->page : below->page + 1;
	else if (below && pages == NEIGHBOURS_AROUND && yields_to(space, touch, below))
		low = max(low, min(touch->page, around_at(space, region, below->page).end));
	if (above && above->page < high)
		high = yields_to(space, touch, above) ? touch->page + 1 : above->page;
	else if (above && pages == NEIGHBOURS_AROUND && yields_to(space, touch, above))
		high = min(high, max(touch->page + 1, around_at(space, region, above->page).first));
	return (struct page_range){ low, high };
}

/* The part of a folio that came with a touch: like count_changed, but what has come with an earlier batch's fault did not
 * come with this one. */
static uint16_t count_folio(const struct seen *seen, const struct process *process, const struct touch *touch,
			    int step, uint64_t count, uint64_t end)
{
	uint64_t all = count_changed(process, seen, touch, step, end);
	while (count < all &&
	       !stories_find(&process->faults.stories, touch->page + (uint64_t)((int64_t)(count + 1) * step)))
		count++;
	return (uint16_t)count;
}

/* Adds what came with it above its 16 pages (`window`), as part of its folio, within `bounds`: up to the 16
 * pages of the next touched page. If it reaches them, and that page was touched earlier, it may belong to
 * that page's folio. */
static void widen_up(const struct touched_pages *t, const struct seen *seen, const struct process *process,
		     struct touch *touch, struct page_range window, uint64_t end, const struct touch *above)
{
	size_t later = later_below(t, window.end);
	uint64_t limit =
	    above ? min(end, max(window.end, above->page & ~(uint64_t)(NEIGHBOURS_AROUND - 1))) : end;
	if (later < t->later_count)
		limit = min(limit, t->later[later] & ~(uint64_t)(NEIGHBOURS_AROUND - 1));
	if (limit <= window.end)
		return;
	uint16_t all = count_folio(seen, process, touch, 1, touch->after, limit);
	bool meets = above && touch->page + all + 1 == limit && limit < end;
	if (!meets || !yields_to(process->space, touch, above))
		touch->after = all;
}

static void widen_down(const struct touched_pages *t, const struct seen *seen, const struct process *process,
		       struct touch *touch, struct page_range window, uint64_t first,
		       const struct touch *below)
{
	size_t later = later_below(t, window.first);
	uint64_t limit =
	    below ? max(first, (below->page & ~(uint64_t)(NEIGHBOURS_AROUND - 1)) + NEIGHBOURS_AROUND)
		  : first;
	if (later)
		limit = max(limit,
			    (t->later[later - 1] & ~(uint64_t)(NEIGHBOURS_AROUND - 1)) + NEIGHBOURS_AROUND);
	if (limit >= window.first)
		return;
	uint16_t all = count_folio(seen, process, touch, -1, touch->before, limit - 1);
	bool meets = below && touch->page - all == limit && limit > first;
	if (!meets || !yields_to(process->space, touch, below))
		touch->before = all;
}

/* Finds what came with a touch; `below` and `above` are the touched pages next to it. */
static void find_neighbours(const struct touched_pages *t, struct touch *touch, const struct process *process,
			    const struct region *region, const struct seen *seen, const struct touch *below,
			    const struct touch *above)
{
	const struct space *space = process->space;
	struct page_range range = reach(space, region, touch, below, above);
	touch->before = count_changed(process, seen, touch, -1, range.first - 1);
	touch->after = count_changed(process, seen, touch, 1, range.end);
	if (window_of(space, touch) != NEIGHBOURS_AROUND)
		return;
	struct page_range window = around_at(space, region, touch->page),
			  bounds = window_at(space, region, touch->page, neighbours_huge(space));
	/* what the region's first 16 pages have in common with others may have come before */
	if (window.first > region_first(space, region) &&
	    window.first < region_first(space, region) + NEIGHBOURS_AROUND)
		touch->before = count_folio(seen, process, touch, -1, 0, range.first - 1);
	if (touch->page - touch->before != window.first || touch->page + touch->after + 1 != window.end)
		return;
	widen_up(t, seen, process, touch, window, bounds.end, above);
	widen_down(t, seen, process, touch, window, bounds.first, below);
}

struct page_range neighbours_wide(const struct space *space, const struct region *region, uint64_t page)
{
	return window_at(space, region, page, neighbours_huge(space));
}

void neighbours_find(const struct touched_pages *t, const struct process *process, const struct seen *seen)
{
	const struct space *space = process->space;
	const struct region *region = NULL;
	struct touch *below = NULL;
	for (size_t i = 0, next; i < t->count; i = next) {
		struct touch *touch = &t->list[i];
		for (next = i + 1; next < t->count && t->list[next].page == touch->page;)
			next++;
		region = space_find_from(space, touch->page << space->page_shift, region);
		if (region && !region_is_special(&region->attr) && window_of(space, touch) > 1 &&
		    (touch->first || !seen_is_empty(seen)))
			find_neighbours(t, touch, process, region, seen, below,
					next < t->count ? &t->list[next] : NULL);
		below = touch;
	}
}
