/* If a page has several faults in one batch, only the first `was` and the last `now` were seen; what was
 * in between is inferred if possible, else unknown. The same holds for
 * a page that was touched again before it could be read: that fault is in the next batch.
 *
 * A fault can bring more than its page. When a page of a file or of shared memory is read,
 * the kernel also maps what the page cache holds of the 16 pages around it, aligned, within the
 * region ("fault-around"); when a huge page comes, all of it comes. Those pages have no fault of
 * their own: they are the neighbours of the touched page that became the same as it in the same
 * reading. If two faults can have brought a page, it goes to the earlier one. */
#include "live/touches.h"

#include <stdlib.h>

#include "base/mem.h"
#include "model/cause.h"

#define AROUND 16       /* pages that one fault can map from the page cache, aligned */
#define GAP 64          /* gaps up to this many pages are read too: cheaper than reading twice */
#define RANGES_MAX 2048 /* readings of pages at once */
#define HUGE_BYTES (UINT64_C(1) << 21)

void touches_fini(struct touches *t)
{
	free(t->list);
	free(t->by_record);
	free(t->ranges);
	free(t->again);
	*t = (struct touches){ 0 };
}

static int by_page(const void *a, const void *b)
{
	const struct touch *x = a, *y = b;
	if (x->page != y->page)
		return x->page < y->page ? -1 : 1;
	return (x->record > y->record) - (x->record < y->record);
}

/* The region of an address; most are in the same one as the address before. */
static const struct region *find_region(const struct space *space, uint64_t address,
					const struct region *last)
{
	if (last && last->attr.start <= address && address < last->attr.end)
		return last;
	return space_find(space, address);
}

bool touches_gather(struct touches *t, const struct fault_batch *batch, const struct space *space)
{
	const struct region *data = NULL, *code = NULL;
	bool outside = false, sorted = true;
	mem_grow(t->list, t->cap, batch->count);
	mem_grow(t->by_record, t->by_record_cap, batch->count);
	t->count = batch->count;
	for (size_t i = 0; i < batch->count; i++) {
		const struct fault_record *r = &batch->records[i];
		uint32_t unknown = page_unknown(PAGE_WHY_NOT_READ);
		data = find_region(space, r->address, data);
		t->list[i] = (struct touch){
			space_page(space, r->address), (uint32_t)i, unknown, unknown, 0, 0, false, false
		};
		outside |= !data;
		if (!(r->ip >> 63)) {
			code = find_region(space, r->ip, code);
			outside |= !code;
		}
		sorted = sorted && (!i || t->list[i - 1].page <= t->list[i].page);
	}
	if (!sorted)
		qsort(t->list, t->count, sizeof *t->list, by_page);
	for (size_t i = 0; i < t->count; i++)
		t->by_record[t->list[i].record] = (uint32_t)i;
	return outside;
}

static bool first_of_page(const struct touches *t, size_t i)
{
	return i == 0 || t->list[i - 1].page != t->list[i].page;
}

static bool last_of_page(const struct touches *t, size_t i)
{
	return i + 1 == t->count || t->list[i + 1].page != t->list[i].page;
}

/* The model's word of a page; pages come in order, and most are in the same run as the one before. */
static uint32_t word_at(const struct space *space, uint64_t page, struct run *last)
{
	if (page < last->first || page >= last->end)
		*last = runs_at(space->pages, page);
	return last->value;
}

static const struct page_state_again *find_again(const struct touches *t, uint64_t page)
{
	size_t low = 0, high = t->again_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (t->again[middle].page == page)
			return &t->again[middle];
		if (t->again[middle].page < page)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* The change that a fault made though its time is later: no fault of the page has been sent yet. */
static const struct seen_change *find_late(const struct seen *seen, const struct process *process,
					   uint64_t page, uint64_t time_ns)
{
	const struct seen_change *change = seen_before(seen, page, time_ns);
	bool late = change && time_ns - change->time_ns < TOUCHES_LATE_NS &&
		    page_state_untouched(page_state(change->was)) &&
		    !page_state_untouched(page_state(change->now));
	return late && !stories_find(&process->faults.stories, page) ? change : NULL;
}

void touches_before(struct touches *t, const struct fault_batch *batch, const struct process *process,
		    const struct seen *seen, uint64_t known_ns, uint64_t began_ns)
{
	const struct space *space = process->space;
	struct run last = { 0 };
	for (size_t i = 0; i < t->count; i++) {
		struct touch *touch = &t->list[i];
		uint64_t clock_ns = batch->records[touch->record].time_ns;
		uint64_t time_ns = clock_ns > began_ns ? clock_ns - began_ns : 0;
		if (!first_of_page(t, i))
			continue;
		const struct page_state_again *again = find_again(t, touch->page);
		touch->between = again != NULL;
		if (again)
			touch->was = again->word;
		if (again || clock_ns < known_ns)
			continue;
		const struct seen_change *change =
		    seen->last_ns >= time_ns && seen->last_ns ? seen_since(seen, touch->page, time_ns) : NULL;
		if (!change && seen->count)
			change = find_late(seen, process, touch->page, time_ns);
		if (change)
			touch->was = change->was;
		else if (!seen->overflow || time_ns > seen->last_ns)
			touch->was = word_at(space, touch->page, &last);
		/* the access succeeded: the region has gained rights since it was looked at, or lost a
		 * mark */
		if (page_state(touch->was) == PAGE_GUARD)
			touch->was = page_word(PAGE_RESERVED, 0);
	}
}

static void add_range(struct touches *t, uint64_t first, uint64_t end, uint64_t gap)
{
	struct page_range *last = t->range_count ? &t->ranges[t->range_count - 1] : NULL;
	if (last && first <= last->end + gap) {
		last->end = end > last->end ? end : last->end;
		return;
	}
	mem_grow(t->ranges, t->range_cap, t->range_count + 1);
	t->ranges[t->range_count++] = (struct page_range){ first, end };
}

void touches_plan(struct touches *t)
{
	uint64_t gap = GAP;
	do {
		t->range_count = 0;
		for (size_t i = 0; i < t->count; i++) {
			uint64_t first = t->list[i].page & ~(uint64_t)(AROUND - 1);
			add_range(t, first, first + AROUND, gap);
		}
		gap *= 16;
	} while (t->range_count > RANGES_MAX);
}

static uint64_t huge_pages(const struct space *space)
{
	return space->page_shift < 21 ? HUGE_BYTES >> space->page_shift : 1;
}

bool touches_plan_huge(struct touches *t, const struct space *space)
{
	struct run last = { 0 };
	uint64_t pages = huge_pages(space);
	t->range_count = 0;
	for (size_t i = 0; i < t->count; i++) {
		uint64_t first = t->list[i].page & ~(pages - 1);
		if (word_at(space, t->list[i].page, &last) & PAGE_HUGE && t->range_count < RANGES_MAX)
			add_range(t, first, first + pages, 0);
	}
	return t->range_count > 0;
}

/* The page between the first fault on it and the next, if it was `was` before and is `now` after. */
static uint32_t word_between(const struct fault_record *first, const struct fault_record *next, uint32_t was,
			     uint32_t now)
{
	bool own = page_state(now) == PAGE_ANON || page_state(now) == PAGE_COPY;
	if (first->tid != next->tid)
		return page_unknown(PAGE_WHY_NOT_READ);
	if (first->has_code && first->code & FAULT_CODE_WRITE && page_state_untouched(page_state(was)) && own)
		return page_word(page_state(now), 0);
	/* written both times, or read and then written: that cannot be known */
	if (!first->has_code && next->forked_ns > first->time_ns)
		return page_unknown(PAGE_WHY_NOT_READ);
	return cause_between(was, now);
}

/* The last touch of a page; NULL: none. */
static struct touch *find_touch(const struct touches *t, uint64_t page)
{
	size_t low = 0, high = t->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (t->list[middle].page <= page)
			low = middle + 1;
		else
			high = middle;
	}
	return low && t->list[low - 1].page == page ? &t->list[low - 1] : NULL;
}

static int again_by_page(const void *a, const void *b)
{
	const struct page_state_again *x = a, *y = b;
	return (x->page > y->page) - (x->page < y->page);
}

/* Pages whose next fault came before they were read: what was read is how they are after that one. */
static void note_ahead(struct touches *t, const struct fault_batch *batch, const struct fault_batch *ahead,
		       const struct space *space, uint64_t done)
{
	t->again_count = 0;
	for (size_t i = 0; i < ahead->count; i++) {
		const struct fault_record *r = &ahead->records[i];
		struct touch *touch = find_touch(t, space_page(space, r->address));
		if (!touch || touch->page >= done)
			continue;
		bool first = touch == t->list || touch[-1].page != touch->page;
		uint32_t word = runs_at(space->pages, touch->page).value;
		touch->now = first && !touch->again
				 ? word_between(&batch->records[touch->record], r, touch->was, word)
				 : page_unknown(PAGE_WHY_NOT_READ);
		touch->between = true;
		touch->again = true;
		mem_grow(t->again, t->again_cap, t->again_count + 1);
		t->again[t->again_count++] = (struct page_state_again){ touch->page, touch->now };
	}
	if (t->again_count)
		qsort(t->again, t->again_count, sizeof *t->again, again_by_page);
}

void touches_after(struct touches *t, const struct fault_batch *batch, const struct fault_batch *ahead,
		   const struct space *space, uint64_t done)
{
	struct run last = { 0 };
	note_ahead(t, batch, ahead, space, done);
	for (size_t i = 0; i < t->count && t->list[i].page < done; i++) {
		struct touch *touch = &t->list[i];
		if (!last_of_page(t, i) || touch->again)
			continue;
		touch->now = word_at(space, touch->page, &last);
		bool two = i > 0 && !first_of_page(t, i) && first_of_page(t, i - 1);
		if (!two)
			continue;
		touch->between = touch[-1].between = true;
		touch->was = touch[-1].now =
		    word_between(&batch->records[touch[-1].record], &batch->records[touch->record],
				 touch[-1].was, touch->now);
	}
}

bool touches_read_to_own(const struct touches *t, const struct fault_batch *batch, const struct space *space)
{
	const struct region *region = NULL;
	for (size_t i = 0; i < t->count; i++) {
		const struct touch *touch = &t->list[i];
		const struct fault_record *r = &batch->records[touch->record];
		if (!r->has_code || fault_code_access(r->code) != FAULT_READ || touch->between ||
		    !page_state_untouched(page_state(touch->was)) || page_state(touch->now) != PAGE_ANON ||
		    touch->now & (PAGE_HUGE | PAGE_HUGETLB))
			continue;
		region = find_region(space, r->address, region);
		if (region && !region->attr.inode && !(region->attr.perms & REGION_MAY_SHARE))
			return true;
	}
	return false;
}

uint64_t touches_newest_region(const struct touches *t, const struct space *space)
{
	const struct region *region = NULL;
	uint64_t newest = 0;
	for (size_t i = 0; i < t->count; i++) {
		region = find_region(space, t->list[i].page << space->page_shift, region);
		newest = region && region->born_ns > newest ? region->born_ns : newest;
	}
	return newest;
}

/* Is it the first to touch the page since then? */
static bool first_since(const struct touches *t, const struct fault_batch *batch,
			const struct process *process, size_t i, uint64_t fresh_ns, uint64_t began_ns)
{
	const struct story *story = stories_find(&process->faults.stories, t->list[i].page);
	if (!first_of_page(t, i) && batch->records[t->list[i - 1].record].time_ns >= fresh_ns)
		return false;
	return !story || story->time_ns + began_ns < fresh_ns;
}

/* How the page was, if it is gone with its region: what was last known of it, whenever that was found out. It
 * may have become that by this very fault, reported late; without the page's story, which went with the region,
 * that cannot be told. */
static uint32_t was_before_end(const struct seen *seen, uint64_t page)
{
	const struct seen_change *gone = seen_before(seen, page, UINT64_MAX), *earlier;
	if (!gone || page_state(gone->now) != PAGE_NONE)
		return page_unknown(PAGE_WHY_NOT_READ);
	earlier = seen_before(seen, page, gone->time_ns);
	return earlier && page_state_untouched(page_state(earlier->was)) ? page_unknown(PAGE_WHY_NOT_READ)
									 : gone->was;
}

/* How the page was of a fault in memory that is gone: if that was newly mapped, and did not only grow, the
 * first fault found it untouched. */
static uint32_t was_in_past(const struct touches *t, const struct fault_batch *batch,
			    const struct process *process, const struct seen *seen, size_t i,
			    enum touch_memory memory, uint64_t fresh_ns, uint64_t began_ns)
{
	const struct touch *touch = &t->list[i];
	bool known = page_state(touch->was) != PAGE_NONE || seen_before(seen, touch->page, UINT64_MAX);
	if (memory == TOUCH_IN_LEFT && first_of_page(t, i))
		return page_state(touch->was) != PAGE_NONE ? touch->was : was_before_end(seen, touch->page);
	if (memory == TOUCH_IN_UNSEEN && fresh_ns && !known &&
	    first_since(t, batch, process, i, fresh_ns, began_ns))
		return page_word(PAGE_RESERVED, 0);
	return page_unknown(PAGE_WHY_NOT_READ);
}

void touches_apart(struct touches *t, const struct fault_batch *batch, const struct process *process,
		   const struct seen *seen, const enum touch_memory *memory_of, const uint64_t *fresh_ns,
		   uint64_t began_ns)
{
	for (size_t i = 0; i < t->count; i++) {
		struct touch *touch = &t->list[i];
		uint64_t fresh = fresh_ns[touch->record];
		enum touch_memory memory = memory_of[touch->record];
		if (memory != TOUCH_IN_PRESENT) {
			touch->was = was_in_past(t, batch, process, seen, i, memory, fresh, began_ns);
			touch->now = page_unknown(PAGE_WHY_NOT_READ);
		} else if (fresh && !page_state_untouched(page_state(touch->was)) &&
			   first_since(t, batch, process, i, fresh, began_ns))
			touch->was = page_word(PAGE_RESERVED, 0);
	}
}

/* How many pages on either side can have come with this fault: the window's; 1 for none. */
static uint64_t window_of(const struct space *space, const struct touch *touch)
{
	enum page_state now = page_state(touch->now);
	if (!page_state_untouched(page_state(touch->was)))
		return 1;
	if (touch->now & PAGE_HUGE)
		return huge_pages(space);
	return now == PAGE_FILE || now == PAGE_SHM ? AROUND : 1;
}

/* How far pages became like the touched one, from `page` on in one direction and before `end`. */
static uint16_t count_changed(const struct seen *seen, const struct touch *touch, int step, uint64_t end)
{
	uint32_t like = touch->now & (PAGE_STATE_MASK | PAGE_HUGE);
	uint64_t count = 0;
	for (uint64_t page = touch->page + (uint64_t)(int64_t)step; page != end;
	     page += (uint64_t)(int64_t)step) {
		const struct seen_change *change = seen_lately(seen, page);
		if (!change || !page_state_untouched(page_state(change->was)) ||
		    (change->now & (PAGE_STATE_MASK | PAGE_HUGE)) != like)
			break;
		count++;
	}
	return (uint16_t)(count < FAULT_AROUND_MAX ? count : FAULT_AROUND_MAX);
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
	uint64_t window = window_of(space, touch);
	uint64_t low = touch->page & ~(window - 1), high = low + window;
	low = low > region_first(space, region) ? low : region_first(space, region);
	high = high < region_end(space, region) ? high : region_end(space, region);
	if (below && below->page >= low)
		low = yields_to(space, touch, below) ? touch->page : below->page + 1;
	if (above && above->page < high)
		high = yields_to(space, touch, above) ? touch->page + 1 : above->page;
	return (struct page_range){ low, high };
}

void touches_neighbours(struct touches *t, const struct space *space, const struct seen *seen)
{
	const struct region *region = NULL;
	struct touch *below = NULL;
	for (size_t i = 0, next; i < t->count && seen->count; i = next) {
		struct touch *touch = &t->list[i];
		for (next = i + 1; next < t->count && t->list[next].page == touch->page;)
			next++;
		region = find_region(space, touch->page << space->page_shift, region);
		if (region && window_of(space, touch) > 1) {
			struct page_range range =
			    reach(space, region, touch, below, next < t->count ? &t->list[next] : NULL);
			touch->before = count_changed(seen, touch, -1, range.first - 1);
			touch->after = count_changed(seen, touch, 1, range.end);
		}
		below = touch;
	}
}
