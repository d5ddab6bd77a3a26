/* Regions by start, pages as runs, and how each event changes them.
 *
 * A reading that differs in several places arrives as several events, and between them regions may overlap:
 * the region that takes over pages comes before the one that gives them up (model/observe.c). So a region's
 * old bounds take away only those pages that no other living region holds:
 *
 *     A |rrraaarrr|            mprotect of the middle
 *     map B  |aaa|  map C |rrr|   over A: the pages stay as they are
 *     change A |rrr|              gives up what B and C hold: nothing is cleared
 *
 * Once all events of a reading were applied, regions are disjoint, pages outside them are PAGE_NONE, and no
 * ghost is where a living region is.
 *
 * A process may have 60,000 regions, and half of them may go at once: nothing here looks at all regions for
 * one event. While regions overlap, the one that holds an address is found by `reach`, the greatest end of a
 * region and all before it, which never falls along the list; if nothing overlaps, it is the region's own
 * end. */
#include "model/space.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/bisect.h"
#include "base/mem.h"
#include "base/minmax.h"

struct space *space_create(unsigned page_shift)
{
	struct space *s = mem_zalloc(sizeof *s);
	s->page_shift = page_shift;
	s->pages = runs_create(PAGE_NONE);
	s->since = runs_create(0);
	s->began = runs_create(PAGE_NONE);
	s->next_id = 1;
	return s;
}

static struct region *region_copy(const struct region *from)
{
	struct region *r = mem_alloc(sizeof *r);
	*r = *from;
	r->attr.path = mem_strdup(from->attr.path);
	return r;
}

static void region_destroy(struct region *r)
{
	free((char *)r->attr.path);
	free(r);
}

static struct region **copy_list(struct region *const *from, size_t count, size_t *cap)
{
	struct region **list = NULL;
	*cap = 0;
	mem_grow(list, *cap, count);
	for (size_t i = 0; i < count; i++)
		list[i] = region_copy(from[i]);
	return list;
}

struct space *space_copy(const struct space *from)
{
	struct space *s = mem_alloc(sizeof *s);
	*s = *from;
	s->regions = copy_list(from->regions, from->count, &s->cap);
	s->ghosts = copy_list(from->ghosts, from->ghost_count, &s->ghost_cap);
	s->pages = runs_copy(from->pages);
	s->since = runs_copy(from->since);
	s->began = runs_copy(from->began);
	return s;
}

static void clear_list(struct region **list, size_t *count)
{
	for (size_t i = 0; i < *count; i++)
		region_destroy(list[i]);
	*count = 0;
}

void space_destroy(struct space *s)
{
	if (!s)
		return;
	clear_list(s->regions, &s->count);
	clear_list(s->ghosts, &s->ghost_count);
	free(s->regions);
	free(s->ghosts);
	runs_destroy(s->pages);
	runs_destroy(s->since);
	runs_destroy(s->began);
	free(s);
}

/* Looking up */

size_t space_find_index(const struct space *s, uint64_t address)
{
	size_t at;

	bisect(at, 0, s->count, s->regions[at]->attr.end <= address);
	return at;
}

/* The first place in a list sorted by start that is not below `start`. */
static size_t place_of(struct region *const *list, size_t count, uint64_t start)
{
	size_t at;

	bisect(at, 0, count, list[at]->attr.start < start);
	return at;
}

/* Regions may overlap between two ticks: then it is the one that came last. */
struct region *space_find(const struct space *s, uint64_t address)
{
	struct region *found = NULL;
	size_t i = place_of(s->regions, s->count, address + 1);
	while (i-- > 0 && s->regions[i]->reach > address) {
		struct region *r = s->regions[i];
		if (r->attr.end > address && (!found || r->id > found->id))
			found = r;
	}
	return found;
}

const struct region *space_find_from(const struct space *s, uint64_t address, const struct region *last)
{
	if (last && last->attr.start <= address && address < last->attr.end)
		return last;
	return space_find(s, address);
}

struct region *space_find_id(const struct space *s, uint64_t id)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->regions[i]->id == id)
			return s->regions[i];
	for (size_t i = 0; i < s->ghost_count; i++)
		if (s->ghosts[i]->id == id)
			return s->ghosts[i];
	return NULL;
}

static struct region *at_start(struct region *const *list, size_t count, uint64_t id, uint64_t start)
{
	for (size_t i = place_of(list, count, start); i < count && list[i]->attr.start == start; i++)
		if (list[i]->id == id)
			return list[i];
	return NULL;
}

static struct region *living_near(const struct space *s, uint64_t id, uint64_t address)
{
	struct region *r = at_start(s->regions, s->count, id, address);
	if (r)
		return r;
	r = space_find(s, address);
	return r && r->id == id ? r : NULL;
}

struct region *space_find_near(const struct space *s, uint64_t id, uint64_t address)
{
	struct region *r = living_near(s, id, address);
	if (!r)
		r = at_start(s->ghosts, s->ghost_count, id, address);
	return r ? r : space_find_id(s, id);
}

static void count_range(const struct space *s, uint64_t first, uint64_t end, uint64_t *counts)
{
	uint64_t all[RUNS_VALUES] = { 0 };
	runs_count(s->pages, first, end, all);
	for (int i = PAGE_NONE + 1; i < PAGE_STATES; i++)
		counts[i] += all[i];
}

size_t space_file_region(const struct space *s, size_t number)
{
	size_t at = number;

	while (at && s->regions[at]->attr.kind == REGION_BSS &&
	       s->regions[at - 1]->attr.end == s->regions[at]->attr.start)
		at--;
	return s->regions[at]->attr.path[0] ? at : number;
}

bool space_is_relro(const struct space *s, const struct region *r)
{
	const struct region_attr *a = &r->attr, *b;
	uint64_t counts[PAGE_STATES] = { 0 };
	size_t next = space_find_index(s, a->end);

	if ((a->kind != REGION_RODATA && a->kind != REGION_DATA) ||
	    a->perms & (REGION_WRITE | REGION_EXEC | REGION_MAY_SHARE) || !a->inode || next == s->count)
		return false;
	b = &s->regions[next]->attr;
	if (b->start != a->end || !(b->perms & REGION_WRITE) || b->inode != a->inode ||
	    b->dev_major != a->dev_major || b->dev_minor != a->dev_minor)
		return false;
	space_add_region_counts(s, r, counts);
	return page_sum(counts, page_state_copied) > 0;
}

const char *space_region_word(const struct space *s, const struct region *r)
{
	return space_is_relro(s, r) ? "relro" : region_kind_name((enum region_kind)r->attr.kind);
}

void space_add_region_counts(const struct space *s, const struct region *r,
			     uint64_t counts[static PAGE_STATES])
{
	count_range(s, region_first(s, r), region_end(s, r), counts);
}

void space_add_counts(const struct space *s, uint64_t counts[static PAGE_STATES])
{
	count_range(s, 0, RUNS_END, counts);
}

/* Growth */

uint64_t space_begin(struct space *s)
{
	struct runs_iter iter = runs_iter(s->pages, 0, RUNS_END);
	struct run run, *tiles = NULL;
	uint64_t resident = 0;
	size_t n = 0, cap = 0;

	while (runs_next(&iter, &run)) {
		if (!page_state_resident(page_state(run.value)))
			continue;
		resident += run.end - run.first;
		if (n && tiles[n - 1].end == run.first) {
			tiles[n - 1].end = run.end;
			continue;
		}
		mem_grow(tiles, cap, n + 1);
		tiles[n++] = run;
	}
	space_set_began(s, tiles, n, false);
	free(tiles);
	return resident;
}

/* Adds a run unless it is empty. */
static void add_run(struct run *runs, size_t *n, uint64_t first, uint64_t end, uint32_t value)
{
	if (first < end)
		runs[(*n)++] = (struct run){ first, end, value };
}

void space_set_began(struct space *s, const struct run *tiles, size_t n, bool more)
{
	struct run *runs = mem_alloc((2 * n + 1) * sizeof *runs);
	size_t count = 0;
	uint64_t at = 0;

	for (size_t i = 0; i < n && more; i++)
		runs_set(s->began, tiles[i].first, tiles[i].end, PAGE_ANON);
	for (size_t i = 0; i < n && !more; i++) {
		add_run(runs, &count, at, tiles[i].first, PAGE_NONE);
		add_run(runs, &count, tiles[i].first, tiles[i].end, PAGE_ANON);
		at = tiles[i].end;
	}
	add_run(runs, &count, at, RUNS_END, PAGE_NONE);
	if (!more)
		runs_splice(s->began, runs, count);
	free(runs);
	s->generation++;
}

int64_t space_growth(const struct space *s, const struct region *r)
{
	uint64_t now[PAGE_STATES] = { 0 }, then[RUNS_VALUES] = { 0 };

	space_add_region_counts(s, r, now);
	runs_count(s->began, region_first(s, r), region_end(s, r), then);
	return (int64_t)page_resident(now) - (int64_t)page_resident(then);
}

/* Lists of regions, by start */

static size_t insert(struct region ***list, size_t *count, size_t *cap, struct region *r)
{
	mem_grow(*list, *cap, *count + 1);
	size_t at = place_of(*list, *count, r->attr.start);
	memmove(*list + at + 1, *list + at, (*count - at) * sizeof **list);
	(*list)[at] = r;
	++*count;
	return at;
}

static void take_out(struct region **list, size_t *count, size_t from, size_t n)
{
	if (n == 0) /* there may not even be a list */
		return;
	memmove(list + from, list + from + n, (*count - from - n) * sizeof *list);
	*count -= n;
}

/* Recomputes `reach` from the place where the list changed, as far as needed. */
static void renew_reach(struct space *s, size_t from)
{
	for (size_t i = from; i < s->count; i++) {
		struct region *r = s->regions[i];
		uint64_t before = i ? s->regions[i - 1]->reach : 0;
		uint64_t reach = max(before, r->attr.end);
		if (r->reach == reach)
			return;
		r->reach = reach;
	}
}

static void add_living(struct space *s, struct region *r)
{
	r->reach = 0;
	s->virtual_pages += region_end(s, r) - region_first(s, r);
	renew_reach(s, insert(&s->regions, &s->count, &s->cap, r));
}

static void remove_living(struct space *s, const struct region *r)
{
	size_t at = place_of(s->regions, s->count, r->attr.start);
	while (at < s->count && s->regions[at] != r)
		at++;
	assert(at < s->count);
	s->virtual_pages -= region_end(s, r) - region_first(s, r);
	take_out(s->regions, &s->count, at, 1);
	renew_reach(s, at);
}

/* The living region with an id. It usually is at the address that its event has. */
static struct region *living(const struct space *s, uint64_t id, uint64_t address)
{
	struct region *r = living_near(s, id, address);
	for (size_t i = 0; i < s->count && !r; i++)
		if (s->regions[i]->id == id)
			r = s->regions[i];
	return r;
}

static void touch_regions(struct space *s)
{
	s->generation++;
	s->region_generation++;
}

/* A ghost makes way for what is mapped in its place. */
static void bury_below(struct space *s, uint64_t start, uint64_t end)
{
	size_t from = place_of(s->ghosts, s->ghost_count, start), to;
	if (from > 0 && s->ghosts[from - 1]->attr.end > start)
		from--;
	for (to = from; to < s->ghost_count && s->ghosts[to]->attr.start < end; to++)
		region_destroy(s->ghosts[to]);
	take_out(s->ghosts, &s->ghost_count, from, to - from);
}

static void clear_pages(struct space *s, uint64_t start, uint64_t end)
{
	runs_set(s->pages, space_page(s, start), space_page(s, end), PAGE_NONE);
	runs_set(s->since, space_page(s, start), space_page(s, end), 0);
	runs_set(s->began, space_page(s, start), space_page(s, end), PAGE_NONE);
}

/* The first living region such that it, or one before it, reaches beyond the address. */
static size_t first_reaching(const struct space *s, uint64_t address)
{
	size_t at;

	bisect(at, 0, s->count, s->regions[at]->reach <= address);
	return at;
}

/* Clears the pages of [start, end) that no living region holds; returns whether that was all of them. Regions
 * are in order of their start, so what is held grows from left to right. */
static bool release(struct space *s, uint64_t start, uint64_t end)
{
	uint64_t at = start;
	bool all = true;
	for (size_t i = first_reaching(s, start); i < s->count && at < end && s->regions[i]->attr.start < end;
	     i++) {
		const struct region_attr *a = &s->regions[i]->attr;
		if (a->end <= at)
			continue;
		if (a->start > at)
			clear_pages(s, at, a->start);
		at = a->end;
		all = false;
	}
	if (at < end)
		clear_pages(s, at, end);
	return all;
}

void space_each_given_up(const struct space *s, const struct region_attr *attr, uint64_t start, uint64_t end,
			 void (*each)(void *context, uint64_t first, uint64_t end_page), void *context)
{
	uint64_t at = start;
	for (size_t i = first_reaching(s, start); i < s->count && at < end && s->regions[i]->attr.start < end;
	     i++) {
		const struct region_attr *a = &s->regions[i]->attr;
		if (a->end <= at || !region_same_backing(a, attr))
			continue;
		if (a->start > at)
			each(context, space_page(s, at), space_page(s, a->start));
		at = a->end;
	}
	if (at < end)
		each(context, space_page(s, at), space_page(s, end));
}

/* Changing by events */

void space_map(struct space *s, uint64_t id, const struct region_attr *attr, uint64_t now_ns)
{
	assert(attr->start < attr->end);
	struct region model = { .id = id, .attr = *attr, .born_ns = now_ns };
	add_living(s, region_copy(&model));
	if (id >= s->next_id)
		s->next_id = id + 1;
	bury_below(s, attr->start, attr->end);
	touch_regions(s);
}

void space_change(struct space *s, uint64_t id, const struct region_attr *attr, uint64_t now_ns)
{
	(void)now_ns;
	struct region *r = living(s, id, attr->start);
	if (!r)
		return;
	struct region_attr old = r->attr;
	remove_living(s, r);
	r->attr = *attr;
	r->attr.path = mem_strdup(attr->path);
	free((char *)old.path);
	add_living(s, r);
	if (old.start < attr->start || old.end > attr->end)
		release(s, old.start, old.end);
	bury_below(s, attr->start, attr->end);
	touch_regions(s);
}

void space_unmap(struct space *s, uint64_t id, uint64_t address, uint64_t now_ns)
{
	struct region *r = living(s, id, address);
	if (!r)
		return;
	remove_living(s, r);
	touch_regions(s);
	if (!release(s, r->attr.start, r->attr.end)) { /* others took its place */
		region_destroy(r);
		return;
	}
	r->died_ns = now_ns ? now_ns : 1;
	bury_below(s, r->attr.start, r->attr.end);
	insert(&s->ghosts, &s->ghost_count, &s->ghost_cap, r);
}

void space_clear(struct space *s)
{
	clear_list(s->regions, &s->count);
	clear_list(s->ghosts, &s->ghost_count);
	s->virtual_pages = 0;
	runs_set(s->pages, 0, RUNS_END, PAGE_NONE);
	runs_set(s->since, 0, RUNS_END, 0);
	runs_set(s->began, 0, RUNS_END, PAGE_NONE);
	touch_regions(s);
}

void space_bury(struct space *s, uint64_t now_ns)
{
	size_t kept = 0;
	for (size_t i = 0; i < s->ghost_count; i++) {
		struct region *ghost = s->ghosts[i];
		if (now_ns > ghost->died_ns + SPACE_GHOST_NS)
			region_destroy(ghost);
		else
			s->ghosts[kept++] = ghost;
	}
	if (kept < s->ghost_count)
		touch_regions(s);
	s->ghost_count = kept;
}

/* Pages and since when */

/* Builds the tiles of the since layer: what changed gets the present time, what lies between two changes
 * keeps its own. */
struct since_tiles {
	const struct runs *old;
	struct run *tiles;
	size_t count, cap;
	uint32_t now_ms;
};

static void add_changed(struct since_tiles *t, uint64_t first, uint64_t end)
{
	if (t->count && t->tiles[t->count - 1].end < first) {
		struct runs_iter iter = runs_iter(t->old, t->tiles[t->count - 1].end, first);
		struct run run;
		while (runs_next(&iter, &run)) {
			mem_grow(t->tiles, t->cap, t->count + 1);
			t->tiles[t->count++] = run;
		}
	}
	if (t->count && t->tiles[t->count - 1].value == t->now_ms) {
		t->tiles[t->count - 1].end = end;
		return;
	}
	mem_grow(t->tiles, t->cap, t->count + 1);
	t->tiles[t->count++] = (struct run){ first, end, t->now_ms };
}

static void note_changes(struct space *s, const struct run *tiles, size_t n, uint64_t now_ns)
{
	uint64_t ms = now_ns / 1000000;
	struct since_tiles since = { .old = s->since, .now_ms = ms ? (uint32_t)ms : 1 };
	struct runs_iter iter = runs_iter(s->pages, tiles[0].first, tiles[n - 1].end);
	struct run run = { 0 };

	for (size_t i = 0; i < n; i++) {
		uint64_t at = tiles[i].first;
		while (at < tiles[i].end) {
			if (run.end <= at)
				runs_next(&iter, &run);
			uint64_t end = min(run.end, tiles[i].end);
			if (page_change_is_own(run.value, tiles[i].value)) {
				add_changed(&since, at, end);
				/* a new region's reserved pages are not a change that the cursor should
				 * follow */
				if (page_state(run.value) != PAGE_NONE) {
					s->changed_page = end - 1;
					s->changed_ns = now_ns;
				}
			}
			at = end;
		}
	}
	if (since.count)
		s->own_generation++;
	runs_splice(s->since, since.tiles, since.count);
	free(since.tiles);
}

void space_set_pages(struct space *s, const struct run *tiles, size_t n, uint64_t now_ns)
{
	if (n == 0)
		return;
	if (now_ns)
		note_changes(s, tiles, n, now_ns);
	runs_splice(s->pages, tiles, n);
	s->generation++;
}
