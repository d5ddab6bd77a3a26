#include "live/fault_pages.h"

#include "base/clock.h"
#include "base/minmax.h"

#define SCAN_BUDGET_NS (50 * CLOCK_MS)

void fault_pages_init(struct fault_pages *p, struct watch *watch, struct reader *reader,
		      struct schedule *schedule)
{
	*p = (struct fault_pages){ .watch = watch, .reader = reader, .schedule = schedule };
}

void fault_pages_fini(struct fault_pages *p)
{
	remap_fini(&p->remap);
	touches_fini(&p->touches);
	seen_fini(&p->seen);
}

/* Pages [first, end) are about to get this word. */
static void note_change(struct seen *seen, const struct space *space, uint64_t first, uint64_t end,
			uint32_t word, uint64_t time_ns)
{
	struct runs_iter iter = runs_iter(space->pages, first, end);
	for (struct run was; runs_next(&iter, &was);)
		if (was.value != word && page_state(was.value) != PAGE_NONE)
			seen_add(seen, &(struct seen_change){ was.first, was.end, was.value, word, time_ns });
}

/* Notes the pages of a region that ends or gives up a part. */
static void note_lost(struct fault_pages *p, const struct event *e, const struct space *space)
{
	const struct region *r = space_find_near(space, e->region.id, e->region.attr.start);
	if (!r || remap_is_showing(&p->remap))
		return;
	uint64_t first = region_first(space, r), end = region_end(space, r);
	uint64_t kept_first = end, kept_end = end;
	if (e->type == EVENT_CHANGE) {
		kept_first = min(max(space_page(space, e->region.attr.start), first), end);
		kept_end = min(max(space_page(space, e->region.attr.end), first), end);
	}
	note_change(&p->seen, space, first, kept_first, PAGE_NONE, e->time_ns);
	note_change(&p->seen, space, kept_end, end, PAGE_NONE, e->time_ns);
}

void fault_pages_note(struct fault_pages *p, const struct event *e, const struct process *process)
{
	bool lost = e->type == EVENT_UNMAP || e->type == EVENT_CHANGE;
	bool region = lost || (e->type == EVENT_MAP && process && process->course.ticks);
	if (!process)
		return;
	if (region)
		remap_note(&p->remap, e, process->space, clock_now_ns());
	if (e->type == EVENT_LOST)
		remap_lose(&p->remap, clock_now_ns());
	/* the first picture shows what was there already: no later fault brought it */
	if (!process->course.ticks)
		return;
	if (lost)
		note_lost(p, e, process->space);
	for (size_t i = 0; e->type == EVENT_PAGES && i < e->pages.n; i++) {
		const struct run *tile = &e->pages.tiles[i];
		note_change(&p->seen, process->space, tile->first, tile->end, tile->value, e->time_ns);
	}
}

void fault_pages_take(struct fault_pages *p, struct fault_batch *batch)
{
	remap_take(&p->remap, batch);
}

bool fault_pages_gather(struct fault_pages *p, const struct fault_batch *batch, const struct space *space)
{
	return touches_gather(&p->touches, batch, space) ||
	       remap_mapped_since(&p->remap, schedule_maps_began_ns(p->schedule));
}

void fault_pages_recall(struct fault_pages *p, const struct process *process, const struct fault_batch *batch)
{
	touches_before(&p->touches, batch, process, &p->seen, p->known_ns, p->watch->began_ns);
}

/* Reads the planned ranges; what fails shows when maps is read again. False: it failed. */
static bool read_ranges(struct fault_pages *p, struct sink *sink, uint64_t *done)
{
	const struct page_range *ranges;
	size_t count = touches_ranges(&p->touches, &ranges);
	struct err failure = { 0 };
	bool read = schedule_ranges(p->schedule, sink, ranges, count, SCAN_BUDGET_NS, done, &failure) >= 0;
	if (!read)
		schedule_want_maps(p->schedule);
	return read;
}

bool fault_pages_read(struct fault_pages *p, struct sink *sink, const struct process *process,
		      const struct fault_batch *batch, bool regions, uint64_t *done)
{
	struct err failure = { 0 };
	uint64_t wide_done;
	bool readable = !regions || schedule_regions(p->schedule, sink, &failure) >= 0;
	*done = 0;
	fault_pages_recall(p, process, batch);
	if (!readable)
		return false;
	touches_plan(&p->touches);
	if (read_ranges(p, sink, done) && touches_plan_wide(&p->touches, process->space))
		read_ranges(p, sink, &wide_done);
	return true;
}

void fault_pages_settle(struct fault_pages *p, const struct process *process, const struct fault_batch *batch,
			const struct fault_batch *later[], size_t n, uint64_t done)
{
	touches_after(&p->touches, batch, later, n, process->space, done);
}

/* Finds which faults were in memory that is gone, or newly mapped, and notes in their touches what is known
 * about it. False: none were. */
static bool find_remapped(struct fault_pages *p, const struct process *process,
			  const struct fault_batch *batch)
{
	uint64_t began_ns = p->watch->began_ns;
	if (!remap_find(&p->remap, batch, process->space, schedule_maps_began_ns(p->schedule), began_ns))
		return false;
	remap_find_kinds(&p->remap, p->reader, process->space);
	struct touch_past past = remap_past(&p->remap);
	touches_apart(&p->touches, batch, process, &p->seen, &past, began_ns);
	return true;
}

void fault_pages_complete(struct fault_pages *p, const struct process *process,
			  const struct fault_batch *batch)
{
	p->moved.known = false;
	p->any_remap = find_remapped(p, process, batch);
	touches_neighbours(&p->touches, batch, process, &p->seen, p->watch->began_ns);
}

const struct region_attr *fault_pages_gone(const struct fault_pages *p, size_t record)
{
	return p->any_remap ? remap_of(&p->remap, record) : NULL;
}

bool fault_pages_mapped(const struct fault_pages *p, size_t record)
{
	return p->any_remap && remap_was_mapped(&p->remap, record);
}

uint64_t fault_pages_fresh_ns(const struct fault_pages *p, size_t record)
{
	return p->any_remap ? remap_fresh_ns(&p->remap, record) : 0;
}

enum remap_growth fault_pages_growth(const struct fault_pages *p, size_t record)
{
	return p->any_remap ? remap_growth_of(&p->remap, record) : REMAP_GROWN_NOT;
}

/* Had it no region before, or one that cannot have been touched, and was none reported? */
static bool came_by_mremap(const struct fault_pages *p, const struct space *space,
			   const struct fault_record *r, size_t record)
{
	const struct touch *t = touches_of_record(&p->touches, record);
	const struct region *region = space_find(space, r->address);
	if (region && (region->attr.kind == REGION_HEAP || region->attr.kind == REGION_STACK))
		return false; /* these grow by themselves, and mremap puts nothing there */
	return r->time_ns >= p->known_ns && remap_is_unreported(&p->remap, record) &&
	       !fault_pages_gone(p, record) &&
	       (!region || page_state(t->was) == PAGE_NONE || t->closed ||
		(page_state_untouched(page_state(t->was)) && remap_is_unread(&p->remap, r->address)));
}

enum fault_moved fault_pages_moved(struct fault_pages *p, const struct space *space,
				   const struct fault_batch *batch, size_t record, bool *zero)
{
	const struct fault_record *r = &batch->records[record];
	if (!came_by_mremap(p, space, r, record))
		return FAULT_MOVED_NOT;
	if (!p->moved.known)
		p->moved.kinds = remap_moved(&p->remap, space, &p->moved.zero);
	p->moved.known = true;
	*zero = p->moved.zero || remap_has_lost(&p->remap);
	if (space_find(space, r->address))
		return FAULT_MOVED_SEEN;
	return p->moved.kinds == REMAP_MOVED_ALL        ? FAULT_MOVED_PRIVATE
	       : p->moved.kinds == REMAP_MOVED_WRITABLE ? FAULT_MOVED_WRITABLE
							: FAULT_MOVED_UNKNOWN;
}

void fault_pages_show(struct fault_pages *p, struct sink *sink, const struct space *space,
		      const struct fault_batch *batch, size_t record)
{
	if (!p->any_remap)
		return;
	struct event stamp = { .time_ns = watch_now(p->watch), .pid = p->watch->pid };
	remap_show(&p->remap, record, batch, space, sink, &stamp);
}

bool fault_pages_show_at(struct fault_pages *p, struct sink *sink, const struct space *space,
			 uint64_t address, uint64_t time_ns)
{
	struct event stamp = { .time_ns = watch_now(p->watch), .pid = p->watch->pid };
	return remap_show_at(&p->remap, address, time_ns, space, schedule_maps_began_ns(p->schedule), sink,
			     &stamp);
}

int fault_pages_rights_at(const struct fault_pages *p, uint64_t address, uint64_t time_ns)
{
	return remap_rights_at(&p->remap, address, time_ns);
}

void fault_pages_age(struct fault_pages *p, size_t parts)
{
	uint64_t now = watch_now(p->watch);
	if (!schedule_has_fresh(p->schedule))
		remap_note_read(&p->remap);
	if (!seen_is_empty(&p->seen))
		seen_age(&p->seen, parts, now > TOUCHES_LATE_NS ? now - TOUCHES_LATE_NS : 0);
}

void fault_pages_know_from(struct fault_pages *p, uint64_t clock_ns)
{
	p->known_ns = clock_ns;
}

const struct touch *fault_pages_touch(const struct fault_pages *p, size_t record)
{
	return touches_of_record(&p->touches, record);
}

bool fault_pages_read_to_own(const struct fault_pages *p, const struct fault_batch *batch,
			     const struct space *space)
{
	return touches_read_to_own(&p->touches, batch, space);
}

size_t fault_pages_parts(const struct fault_pages *p)
{
	return seen_fresh(&p->seen);
}

void fault_pages_forget(struct fault_pages *p, uint64_t mapped_ns, uint64_t left_ns)
{
	remap_forget(&p->remap, mapped_ns, left_ns);
}
