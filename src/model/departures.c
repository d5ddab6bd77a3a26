/* Who takes a page away:
 *
 *     was            now                 by
 *     anything       no region           munmap, mremap, brk: the region ends
 *     anon, copy     swap                the kernel swaps it out
 *     anon           reserved, guard     only the program itself can discard it (madvise), or move it away
 *                                        (mremap); with MADV_FREE the kernel discards it some time later
 *     copy           guard               only the program itself
 *     anon, copy     zero                the program; or the kernel, which shares zeroes of a huge page that it
 *                                        splits (Linux 6.12), and of pages that it merges (KSM)
 *     copy           reserved, cached    the program, or a truncation of the file
 *     file, shm      reserved, cached    the kernel, which keeps the page in its file; madvise; a truncation
 *     swap           reserved, guard     the program
 *
 * A traced call is the reason if it takes away what was at these addresses, and came after the pages did. */
#include "model/departures.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "model/ring.h"

const char *left_reason_name(enum left_reason reason)
{
	static const char *const names[LEFT_REASONS] = {
		[LEFT_OTHER] = "other",     [LEFT_CALL] = "call",       [LEFT_UNMAP] = "unmap",
		[LEFT_SWAPPED] = "swapped", [LEFT_PROGRAM] = "program", [LEFT_FREED] = "freed",
	};

	return (unsigned)reason < LEFT_REASONS ? names[reason] : "other";
}

const char *left_reason_text(enum left_reason reason)
{
	static const char *const texts[LEFT_REASONS] = {
		[LEFT_OTHER] = N_("by the kernel, or by a call that was not seen"),
		[LEFT_CALL] = N_("by this call"),
		[LEFT_UNMAP] = N_("its region ended"),
		[LEFT_SWAPPED] = N_("swapped out by the kernel"),
		[LEFT_PROGRAM] =
		    N_("by the program (deduced: nobody else can), as by madvise, mremap or munmap"),
		[LEFT_FREED] = N_("taken by the kernel (deduced): freed before, with MADV_FREE"),
	};

	return (unsigned)reason < LEFT_REASONS ? _(texts[reason]) : "";
}

const char *left_reason_from(enum left_reason reason)
{
	switch (reason) {
	case LEFT_CALL:
	case LEFT_UNMAP:
	case LEFT_SWAPPED:
		return "seen";
	case LEFT_PROGRAM:
	case LEFT_FREED:
		return "deduced";
	case LEFT_OTHER:
	case LEFT_REASONS:
		break;
	}
	return "";
}

struct departure_search {
	const struct space *space;
	const struct calls *calls;
	void (*take)(void *, const struct event_left *);
	void *context;
	struct event_left last; /* not passed on yet; first == end: none */
	uint64_t region;        /* its region's id */
};

static void flush(struct departure_search *w)
{
	if (w->last.first < w->last.end)
		w->take(w->context, &w->last);
	w->last.first = w->last.end = 0;
}

static bool is_there(uint32_t word)
{
	return page_state_kept(page_state(word));
}

#define FREE 8 /* MADV_FREE */

/* Can an madvise of this kind take pages away, or let the kernel do it? */
static bool advice_discards(uint64_t advice)
{
	enum { DONTNEED = 4, REMOVE = 9, PAGEOUT = 21, DONTNEED_LOCKED = 24, GUARD = 102 };

	return advice == DONTNEED || advice == FREE || advice == REMOVE || advice == PAGEOUT ||
	       advice == DONTNEED_LOCKED || advice == GUARD;
}

static bool call_frees(const struct event_call *call)
{
	return call->kind == CALL_MADVISE && call->args[2] == FREE;
}

static bool within(const struct space *s, const struct run *pages, uint64_t start, uint64_t end)
{
	return start <= space_address(s, pages->first) && end > start &&
	       pages->end - 1 <= space_page(s, end - 1);
}

/* mremap takes away what was at the old addresses, all of it or the end, and at the new ones if it moved. */
static bool remap_takes(const struct event_call *call, const struct space *s, const struct run *pages)
{
	uint64_t old = call->args[0], old_end = old + call->args[1], size = call->args[2];

	if (call->result != old)
		return within(s, pages, old, old_end) || within(s, pages, call->start, call->end);
	return space_address(s, pages->first) >= old + size && within(s, pages, old, old_end);
}

/* Does the call take away what was there? The pages are of one region. */
static bool call_takes(const struct event_call *call, const struct space *s, const struct run *pages,
		       const struct region *region)
{
	switch (call->kind) {
	case CALL_MMAP:
	case CALL_MMAP_OLD:
	case CALL_MUNMAP:
	case CALL_SHMAT:
		return within(s, pages, call->start, call->end);
	case CALL_MADVISE:
		return advice_discards(call->args[2]) && within(s, pages, call->start, call->end);
	case CALL_MREMAP:
		return remap_takes(call, s, pages);
	case CALL_BRK:
		return region->attr.kind == REGION_HEAP && space_address(s, pages->first) >= call->result;
	case CALL_SHMDT:
		return region->attr.kind == REGION_SHM && region->attr.start == call->args[0];
	default:
		return false;
	}
}

/* The latest call that can have taken the pages away; NULL: none was seen. */
static const struct event_call *find_call(const struct departure_search *w, const struct run *pages,
					  const struct region *region)
{
	uint64_t since_ms = runs_max(w->space->since, pages->first, pages->end);

	for (uint64_t i = w->calls->end; i-- > w->calls->begin;) {
		const struct call_entry *entry = calls_at(w->calls, i);
		const struct event_call *call = &entry->call;

		if (entry->time_ns / 1000000 < since_ms)
			return NULL;
		if (!call->error && call_takes(call, w->space, pages, region))
			return call;
	}
	return NULL;
}

/* Why pages went. `call`: the one that may have done it, or NULL. */
static enum left_reason reason_of(uint32_t was, uint32_t now, const struct event_call *call)
{
	enum page_state from = page_state(was), to = page_state(now);

	if (call && !call_frees(call))
		return LEFT_CALL;
	if (to == PAGE_NONE)
		return LEFT_UNMAP;
	if (page_state_swapped(to))
		return LEFT_SWAPPED;
	if (call && page_state_private(from) && !page_state_copied(from))
		return LEFT_FREED;
	if (page_state_of_cache(from) || page_state_zeroes(to) ||
	    (page_state_copied(from) && page_state_untouched(to)))
		return LEFT_OTHER;
	return LEFT_PROGRAM;
}

static bool goes(uint32_t was, uint32_t now)
{
	if (!is_there(was) || is_there(now))
		return page_state_swapped(page_state(now)) && page_state_resident(page_state(was));
	return page_state(now) != PAGE_UNKNOWN;
}

/* Adds pages of one region and one state. */
static void add(struct departure_search *w, const struct run *run, uint32_t now, const struct region *region)
{
	struct event_left left = { .first = run->first, .end = run->end, .was = run->value, .now = now };
	const struct event_call *call = find_call(w, run, region);

	left.reason = reason_of(run->value, now, call);
	left.call = left.reason == LEFT_CALL ? call->kind : CALL_KINDS;
	left.tid = left.reason == LEFT_CALL ? call->tid : 0;
	left.kind = (uint8_t)region->attr.kind;
	if (w->last.end == left.first && w->region == region->id && w->last.reason == left.reason &&
	    w->last.call == left.call && w->last.tid == left.tid &&
	    page_state(w->last.was) == page_state(left.was) &&
	    page_state(w->last.now) == page_state(left.now)) {
		w->last.end = left.end;
		return;
	}
	flush(w);
	w->last = left;
	w->region = region->id;
}

static void add_stretch(struct departure_search *w, uint64_t first, uint64_t end, uint32_t now,
			const struct region *region)
{
	struct runs_iter iter = runs_iter(w->space->pages, first, end);
	struct run run;

	while (runs_next(&iter, &run))
		if (goes(run.value, now))
			add(w, &run, now, region);
}

static void add_tile(struct departure_search *w, const struct run *tile)
{
	for (uint64_t at = tile->first; at < tile->end;) {
		const struct region *region = space_find(w->space, space_address(w->space, at));
		uint64_t stop;

		if (!region)
			return;
		stop = min(region_end(w->space, region), tile->end);
		add_stretch(w, at, stop, tile->value, region);
		at = stop;
	}
}

/* Adds pages that a region gives up and that no other has. */
static void add_given_up(struct departure_search *w, const struct region *region, uint64_t first,
			 uint64_t end)
{
	const struct space *s = w->space;
	uint64_t at = first;

	for (size_t i = space_find_index(s, space_address(s, first)); i < s->count && at < end; i++) {
		const struct region *other = s->regions[i];

		if (other == region || region_end(s, other) <= at)
			continue;
		if (region_first(s, other) >= end)
			break;
		if (region_first(s, other) > at)
			add_stretch(w, at, region_first(s, other), PAGE_NONE, region);
		at = region_end(s, other);
	}
	if (at < end)
		add_stretch(w, at, end, PAGE_NONE, region);
}

static void add_region(struct departure_search *w, const struct event *e)
{
	const struct space *s = w->space;
	const struct region *region = space_find_id(s, e->region.id);
	uint64_t first = space_page(s, e->region.attr.start), end = space_page(s, e->region.attr.end);

	if (!region || region->died_ns)
		return;
	if (e->type == EVENT_UNMAP || end <= region_first(s, region) || first >= region_end(s, region))
		first = end = region_end(s, region);
	if (region_first(s, region) < first)
		add_given_up(w, region, region_first(s, region), first);
	if (end < region_end(s, region))
		add_given_up(w, region, end, region_end(s, region));
}

void departures_each(const struct space *space, const struct calls *calls, const struct event *e,
		     void (*take)(void *, const struct event_left *), void *context)
{
	struct departure_search w = { .space = space, .calls = calls, .take = take, .context = context };

	if (e->type == EVENT_UNMAP || e->type == EVENT_CHANGE)
		add_region(&w, e);
	for (size_t i = 0; e->type == EVENT_PAGES && i < e->pages.n; i++)
		if (!page_state_resident(page_state(e->pages.tiles[i].value)))
			add_tile(&w, &e->pages.tiles[i]);
	flush(&w);
}

void departures_add(struct departures *d, uint64_t time_ns, const struct event_left *left,
		    uint64_t after_faults)
{
	if (!d->entries)
		d->entries = mem_zalloc(DEPARTURES_MAX * sizeof *d->entries);
	if (d->end - d->begin == DEPARTURES_MAX)
		d->begin++;
	d->entries[d->end++ % DEPARTURES_MAX] = (struct departure){ time_ns, *left, after_faults };
}

const struct departure *departures_at(const struct departures *d, uint64_t number)
{
	return number >= d->begin && number < d->end ? &d->entries[number % DEPARTURES_MAX] : NULL;
}

const struct departure *departures_find(const struct departures *d, uint64_t page, uint64_t until_ns)
{
	for (uint64_t i = d->end; i-- > d->begin;) {
		const struct departure *entry = &d->entries[i % DEPARTURES_MAX];

		if (entry->time_ns <= until_ns && entry->left.first <= page && page < entry->left.end)
			return entry;
	}
	return NULL;
}

void departures_number(struct departures *d, uint64_t next)
{
	d->entries = ring_number(d->entries, sizeof *d->entries, DEPARTURES_MAX, &d->begin, &d->end, next);
}

struct departures departures_copy(const struct departures *d)
{
	struct departures copy = *d;

	copy.entries = mem_copy(d->entries, DEPARTURES_MAX * sizeof *d->entries);
	return copy;
}

void departures_fini(struct departures *d)
{
	free(d->entries);
	*d = (struct departures){ 0 };
}
