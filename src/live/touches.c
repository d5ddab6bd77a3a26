/* If a page has several faults in one batch, only the first `was` and the last `now` were seen; what was
 * in between is inferred if possible, else unknown. The same holds for a page that was touched again before it could be read: that fault is in a later batch. */
#include "live/touches.h"

#include <stdlib.h>

#include "base/bisect.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "kern/frames.h"
#include "live/neighbours.h"
#include "model/cause.h"

#define GAP 64          /* gaps up to this many pages are read too: cheaper than reading twice */
#define RANGES_MAX 2048 /* readings of pages at once */

void touches_fini(struct touches *t)
{
	free(t->list);
	free(t->by_record);
	free(t->later);
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
		data = space_find_from(space, r->address, data);
		t->list[i] = (struct touch){ .page = space_page(space, r->address),
					     .record = (uint32_t)i,
					     .was = unknown,
					     .now = unknown };
		outside |= !data;
		if (!(r->ip >> 63)) {
			code = space_find_from(space, r->ip, code);
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

static int again_by_page(const void *a, const void *b)
{
	const struct page_state_again *x = a, *y = b;
	return (x->page > y->page) - (x->page < y->page);
}

static const struct page_state_again *find_again(const struct touches *t, uint64_t page)
{
	struct page_state_again key = { .page = page };
	return t->again_count ? bsearch(&key, t->again, t->again_count, sizeof key, again_by_page) : NULL;
}

/* The change that a fault caused although the fault's time is later: no fault of the page has been sent
 * yet. */
static const struct seen_change *find_late(const struct seen *seen, const struct process *process,
					   uint64_t page, uint64_t time_ns)
{
	const struct seen_change *change = seen_before(seen, page, time_ns);
	bool late = change && time_ns - change->time_ns < TOUCHES_LATE_NS &&
		    page_state_untouched(page_state(change->was)) &&
		    !page_state_untouched(page_state(change->now));
	return late && !stories_find(&process->faults.stories, page) ? change : NULL;
}

/* The kernel maps what is around a page that is read, not around one that is written. */
static bool is_write(const struct fault_record *r)
{
	return r->has_code && fault_code_access(r->code) == FAULT_WRITE;
}

/* Can a fault on another page have brought this one in since it was seen untouched? `change`: what has been
 * seen of it since, perhaps because of a fault that was sent already. */
static bool may_have_come_along(const struct touches *t, size_t i, const struct fault_batch *batch,
				const struct process *process, const struct seen_change *change)
{
	const struct touch *touch = &t->list[i];
	uint64_t first = touch->page & ~(uint64_t)(NEIGHBOURS_AROUND - 1), end = first + NEIGHBOURS_AROUND;
	bool stale = change && page_state_of_cache(page_state(change->now));
	for (size_t k = i; k-- > 0 && t->list[k].page >= first;)
		if (t->list[k].record < touch->record && !is_write(&batch->records[t->list[k].record]))
			return true;
	for (size_t k = i + 1; k < t->count && t->list[k].page < end; k++)
		if (t->list[k].record < touch->record && !is_write(&batch->records[t->list[k].record]))
			return true;
	for (uint64_t page = first; stale && page < end; page++) {
		const struct story *story = stories_find(&process->faults.stories, page);
		if (story && story->fault.access != FAULT_WRITE)
			return true;
	}
	return false;
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
		const struct seen_change *change = seen_since(seen, touch->page, time_ns);
		if (!change)
			change = find_late(seen, process, touch->page, time_ns);
		if (change)
			touch->was = change->was;
		else if (seen_is_whole(seen, time_ns))
			touch->was = word_at(space, touch->page, &last);
		touch->along = may_have_come_along(t, i, batch, process, change);
		/* the access succeeded: the region has gained rights since it was looked at, or lost a
		 * mark */
		if (page_state_kills(page_state(touch->was))) {
			const struct region *r = space_find(space, touch->page << space->page_shift);
			touch->closed = r && region_is_closed(&r->attr);
			touch->was = page_unasked();
		}
	}
}

static void add_range(struct touches *t, uint64_t first, uint64_t end, uint64_t gap)
{
	struct page_range *last = t->range_count ? &t->ranges[t->range_count - 1] : NULL;
	if (last && first <= last->end + gap) {
		last->end = max(end, last->end);
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
			uint64_t first = t->list[i].page & ~(uint64_t)(NEIGHBOURS_AROUND - 1);
			add_range(t, first, first + NEIGHBOURS_AROUND, gap);
		}
		gap *= 16;
	} while (t->range_count > RANGES_MAX);
}

size_t touches_ranges(const struct touches *t, const struct page_range **ranges)
{
	*ranges = t->ranges;
	return t->range_count;
}

bool touches_plan_wide(struct touches *t, const struct space *space)
{
	const struct region *region = NULL;
	struct run last = { 0 };
	uint64_t pages = neighbours_huge(space);
	t->range_count = 0;
	for (size_t i = 0; i < t->count && t->range_count < RANGES_MAX; i++) {
		uint64_t page = t->list[i].page, first = page & ~(pages - 1);
		region = space_find_from(space, page << space->page_shift, region);
		if (word_at(space, page, &last) & PAGE_HUGE)
			add_range(t, first, first + pages, 0);
		else if (region && page_state_untouched(page_state(t->list[i].was)) &&
			 neighbours_fill(space, region, page)) {
			struct page_range wide = neighbours_wide(space, region, page);
			add_range(t, wide.first, wide.end, 0);
		}
	}
	return t->range_count > 0;
}

/* The page between the first fault on it and the next, if it was `was` before and is `now` after. */
static uint32_t word_between(const struct fault_record *first, const struct fault_record *next, uint32_t was,
			     uint32_t now)
{
	bool own = page_state_private(page_state(now));
	if (first->tid != next->tid)
		return page_unknown(PAGE_WHY_NOT_READ);
	if (first->has_code && first->code & FAULT_CODE_WRITE && page_state_untouched(page_state(was)) && own)
		return page_word(page_state(now), 0);
	/* written both times, or read and then written: that cannot be known */
	if (!first->has_code && next->forked_ns > first->time_ns)
		return page_unknown(PAGE_WHY_NOT_READ);
	return cause_between(was, now, !frames_have_zero_page());
}

/* The last touch of a page; NULL: none. */
static struct touch *find_touch(const struct touches *t, uint64_t page)
{
	size_t at;

	bisect(at, 0, t->count, t->list[at].page <= page);
	return at && t->list[at - 1].page == page ? &t->list[at - 1] : NULL;
}

/* Notes pages whose next fault came before they were read: they were read as they are after that fault. */
static void note_later(struct touches *t, const struct fault_batch *batch, const struct fault_batch *later,
		       const struct space *space, uint64_t done)
{
	for (size_t i = 0; i < later->count; i++) {
		const struct fault_record *r = &later->records[i];
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
	}
}

/* Keeps what is known about pages whose next fault is not in this batch. */
static void keep_again(struct touches *t)
{
	size_t kept = 0;
	for (size_t i = 0; i < t->again_count; i++)
		if (!find_touch(t, t->again[i].page))
			t->again[kept++] = t->again[i];
	t->again_count = kept;
	for (size_t i = 0; i < t->count; i++) {
		if (!t->list[i].again)
			continue;
		mem_grow(t->again, t->again_cap, t->again_count + 1);
		t->again[t->again_count++] = (struct page_state_again){ t->list[i].page, t->list[i].now };
	}
	if (t->again_count)
		qsort(t->again, t->again_count, sizeof *t->again, again_by_page);
}

static int compare_pages(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

/* Keeps the pages of later batches that matter: what came with a page of the page cache ends where they
 * begin. */
static void keep_later(struct touches *t, const struct fault_batch *later[], size_t n,
		       const struct space *space)
{
	bool wide = false;
	t->later_count = 0;
	for (size_t i = 0; i < t->count && !wide; i++)
		wide = page_state_untouched(page_state(t->list[i].was)) &&
		       page_state_of_cache(page_state(t->list[i].now));
	for (size_t b = 0; b < n && wide; b++) {
		mem_grow(t->later, t->later_cap, t->later_count + later[b]->count);
		for (size_t i = 0; i < later[b]->count; i++)
			t->later[t->later_count++] = space_page(space, later[b]->records[i].address);
	}
	if (t->later_count > 1)
		qsort(t->later, t->later_count, sizeof *t->later, compare_pages);
}

void touches_after(struct touches *t, const struct fault_batch *batch, const struct fault_batch *later[],
		   size_t n, const struct space *space, uint64_t done)
{
	struct run last = { 0 };
	for (size_t i = 0; i < n; i++)
		note_later(t, batch, later[i], space, done);
	keep_again(t);
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
	keep_later(t, later, n, space);
}

bool touches_read_to_own(const struct touches *t, const struct fault_batch *batch, const struct space *space)
{
	const struct region *region = NULL;
	for (size_t i = 0; i < t->count; i++) {
		const struct touch *touch = &t->list[i];
		const struct fault_record *r = &batch->records[touch->record];
		if (!r->has_code || fault_code_access(r->code) != FAULT_READ || touch->between ||
		    !page_state_untouched(page_state(touch->was)) ||
		    !page_state_private(page_state(touch->now)) || touch->now & (PAGE_HUGE | PAGE_HUGETLB))
			continue;
		region = space_find_from(space, r->address, region);
		if (region && !region_has_file(&region->attr) && !(region->attr.perms & REGION_MAY_SHARE))
			return true;
	}
	return false;
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

/* How the page was, if it is gone with its region: what was last known about it, whenever that was seen. It
 * may have become so by this very fault, reported late; without the page's story, which went with the region,
 * that cannot be known. */
static uint32_t was_before_end(const struct seen *seen, uint64_t page)
{
	const struct seen_change *gone = seen_before(seen, page, UINT64_MAX), *earlier;
	if (!gone || page_state(gone->now) != PAGE_NONE)
		return page_unknown(PAGE_WHY_NOT_READ);
	earlier = seen_before(seen, page, gone->time_ns);
	return earlier && page_state_untouched(page_state(earlier->was)) ? page_unknown(PAGE_WHY_NOT_READ)
									 : gone->was;
}

/* How the page of a fault in memory that is gone was: if the memory was newly mapped, and did not only grow,
 * or if the page was seen untouched, the first fault found it untouched. */
static uint32_t was_in_past(const struct touches *t, const struct fault_batch *batch,
			    const struct process *process, const struct seen *seen, size_t i,
			    enum touch_memory memory, uint64_t fresh_ns, uint64_t began_ns)
{
	const struct touch *touch = &t->list[i];
	bool known = page_state(touch->was) != PAGE_NONE || seen_before(seen, touch->page, UINT64_MAX);
	if (memory == TOUCH_IN_LEFT && first_of_page(t, i))
		return page_state(touch->was) != PAGE_NONE ? touch->was : was_before_end(seen, touch->page);
	/* whether the memory was replaced meanwhile or not */
	if (memory == TOUCH_IN_UNSEEN && page_state_untouched(page_state(touch->was)) &&
	    first_of_page(t, i) && !stories_find(&process->faults.stories, touch->page))
		return page_unasked();
	if (memory == TOUCH_IN_UNSEEN && fresh_ns && !known &&
	    first_since(t, batch, process, i, fresh_ns, began_ns))
		return page_unasked();
	return page_unknown(PAGE_WHY_NOT_READ);
}

/* For memory that is there: what was mapped between two faults of a page may be other memory. */
static void part(struct touches *t, const struct fault_batch *batch, const struct process *process, size_t i,
		 uint64_t last_ns, uint64_t began_ns)
{
	struct touch *touch = &t->list[i], *before = first_of_page(t, i) ? NULL : touch - 1;
	const struct story *story = stories_find(&process->faults.stories, touch->page);
	if (before && batch->records[before->record].time_ns < last_ns)
		touch->was = before->now = page_unknown(PAGE_WHY_NOT_READ);
	else if (!before && touch->between && story && story->time_ns + began_ns < last_ns)
		touch->was = page_unknown(PAGE_WHY_NOT_READ);
}

void touches_apart(struct touches *t, const struct fault_batch *batch, const struct process *process,
		   const struct seen *seen, const struct touch_past *past, uint64_t began_ns)
{
	for (size_t i = 0; i < t->count; i++) {
		struct touch *touch = &t->list[i];
		uint64_t fresh = past->fresh_ns[touch->record];
		enum touch_memory memory = past->memory[touch->record];
		touch->replaced = past->later[touch->record];
		if (memory != TOUCH_IN_PRESENT) {
			touch->was = was_in_past(t, batch, process, seen, i, memory, fresh, began_ns);
			touch->now = page_unknown(PAGE_WHY_NOT_READ);
			continue;
		}
		part(t, batch, process, i, past->last_ns[touch->record], began_ns);
		if (fresh && !page_state_untouched(page_state(touch->was)) &&
		    first_since(t, batch, process, i, fresh, began_ns))
			touch->was = page_unasked();
	}
}

void touches_neighbours(struct touches *t, const struct fault_batch *batch, const struct process *process,
			const struct seen *seen, uint64_t began_ns)
{
	const struct region *region = NULL;
	for (size_t i = 0; i < t->count; i++) {
		struct touch *touch = &t->list[i];
		region = space_find_from(process->space, touch->page << process->space->page_shift, region);
		touch->first = region && batch->records[touch->record].time_ns < region->born_ns + began_ns;
	}
	neighbours_find(&(struct touched_pages){ t->list, t->count, t->later, t->later_count }, process,
			seen);
}
