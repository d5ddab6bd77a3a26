/* Compares a reading with the model: only what differs becomes an event. First regions, then pages. */
#include "model/observe.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/minmax.h"

/* --- regions --- */

/* Which region is which in a reading of maps, and the order of events.
 *
 * A region keeps its identity as long as some of its memory stays: an old and a new one that overlap and have
 * the same backing (the same file at the same offset, or anonymous memory) are candidates; each chooses the
 * one that it shares most with, and if both choose each other the id stays.
 *
 *     old   |A a a a a a a|      |B b|C c c c|       |D d d|
 *     new   |A a|X x|Y y  |      |C c c c c c|       |E e e|   (another file)
 *            split: A is largest  merged: C survives  replaced
 *
 * The events come in an order that loses no page that stays mapped, because giving up pages clears those that
 * no other region holds (model/space.c): first regions that are gone with all their memory, then new regions,
 * then changes, each after the one that takes over what it gives up, then regions that were merged into
 * others. Last, pages of memory that was not there before begin as reserved, or as guards if no access is
 * allowed. */

#define NOBODY SIZE_MAX

struct old_region {
	uint64_t id;
	struct region_attr attr; /* path as in the space */
	size_t best;             /* the new region that it shares most with */
	uint64_t shared;
	size_t match;
};

struct new_region {
	const struct region_attr *attr;
	size_t best, match;
	uint64_t shared;
};

struct stretch {
	uint64_t start, end;
	uint32_t word; /* of pages with nothing there: see word_of_nothing */
};

struct observe_plan {
	const struct process *process;
	struct sink *sink;
	uint64_t now_ns;
	struct old_region *old;
	struct new_region *fresh;
	size_t old_count, new_count;
	struct stretch *reserve; /* memory that was not there before */
	size_t reserve_count, reserve_cap;
	struct stretch *turned; /* memory that stays, but has gained or lost all rights */
	size_t turned_count, turned_cap;
	size_t events;
};

static bool nothing_changed(const struct space *s, const struct region_attr *attrs, size_t n)
{
	if (s->count != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!region_attr_equal(&s->regions[i]->attr, &attrs[i]))
			return false;
	return true;
}

static void plan_init(struct observe_plan *p, const struct region_attr *attrs, size_t n)
{
	const struct space *s = p->process->space;
	p->old_count = s->count;
	p->new_count = n;
	p->old = mem_alloc(p->old_count * sizeof *p->old);
	p->fresh = mem_alloc(n * sizeof *p->fresh);
	for (size_t i = 0; i < p->old_count; i++)
		p->old[i] = (struct old_region){
			.id = s->regions[i]->id, .attr = s->regions[i]->attr, .best = NOBODY, .match = NOBODY
		};
	for (size_t i = 0; i < n; i++)
		p->fresh[i] = (struct new_region){ .attr = &attrs[i], .best = NOBODY, .match = NOBODY };
}

static void plan_fini(struct observe_plan *p)
{
	free(p->old);
	free(p->fresh);
	free(p->reserve);
	free(p->turned);
}

/* What a page is before anything was read of it: reserved, or a guard if the region allows nothing. Nobody has
 * asked the page cache yet. */
static uint32_t word_of_nothing(const struct region_attr *attr)
{
	if (region_is_closed(attr))
		return page_word(PAGE_GUARD, 0);
	return region_is_cacheable(attr) ? page_unasked() : page_word(PAGE_RESERVED, 0);
}

static void add_reserve(struct observe_plan *p, uint64_t start, uint64_t end, uint32_t word)
{
	struct stretch *last = p->reserve_count ? &p->reserve[p->reserve_count - 1] : NULL;
	if (start >= end)
		return;
	if (last && last->end == start && last->word == word) {
		p->reserve[p->reserve_count - 1].end = end;
		return;
	}
	mem_grow(p->reserve, p->reserve_cap, p->reserve_count + 1);
	p->reserve[p->reserve_count++] = (struct stretch){ start, end, word };
}

static void add_turned(struct observe_plan *p, uint64_t start, uint64_t end, uint32_t word)
{
	if (start >= end)
		return;
	mem_grow(p->turned, p->turned_cap, p->turned_count + 1);
	p->turned[p->turned_count++] = (struct stretch){ start, end, word };
}

/* Both lists are by address: one pass finds all that overlap, and what of the new regions was in no old
 * region of the same backing. */
static void compare(struct observe_plan *p)
{
	size_t first = 0; /* the first old region that ends after the new one's start */
	for (size_t j = 0; j < p->new_count; j++) {
		struct new_region *b = &p->fresh[j];
		uint64_t known = b->attr->start;
		uint32_t word = word_of_nothing(b->attr);
		while (first < p->old_count && p->old[first].attr.end <= b->attr->start)
			first++;
		for (size_t i = first; i < p->old_count && p->old[i].attr.start < b->attr->end; i++) {
			struct old_region *a = &p->old[i];
			if (!region_same_backing(&a->attr, b->attr))
				continue;
			uint64_t start = max(a->attr.start, b->attr->start);
			uint64_t end = min(a->attr.end, b->attr->end);
			add_reserve(p, known, start, word);
			known = end;
			if (region_is_closed(&a->attr) != region_is_closed(b->attr))
				add_turned(p, start, end, word);
			if (end - start > a->shared) {
				a->shared = end - start;
				a->best = j;
			}
			if (end - start > b->shared) {
				b->shared = end - start;
				b->best = i;
			}
		}
		add_reserve(p, known, b->attr->end, word);
	}
	for (size_t j = 0; j < p->new_count; j++) {
		size_t i = p->fresh[j].best;
		if (i != NOBODY && p->old[i].best == j) {
			p->fresh[j].match = i;
			p->old[i].match = j;
		}
	}
}

static void send(struct observe_plan *p, enum event_type type, uint64_t id, const struct region_attr *attr)
{
	struct event e = { .type = type, .time_ns = p->now_ns, .pid = p->process->pid };
	e.region.id = id;
	e.region.attr = *attr;
	sink_send(p->sink, &e);
	p->events++;
}

/* Unmatched old regions: those that are gone entirely, or those that live on in others. The world frees the
 * region; sinks after it still read the path. */
static void send_unmaps(struct observe_plan *p, bool merged)
{
	for (size_t i = 0; i < p->old_count; i++) {
		struct old_region *r = &p->old[i];
		if (r->match != NOBODY || (r->shared > 0) != merged)
			continue;
		char *path = mem_strdup(r->attr.path);
		r->attr.path = path;
		send(p, EVENT_UNMAP, r->id, &r->attr);
		free(path);
	}
}

static void send_maps(struct observe_plan *p)
{
	uint64_t id = p->process->space->next_id;
	for (size_t j = 0; j < p->new_count; j++)
		if (p->fresh[j].match == NOBODY)
			send(p, EVENT_MAP, id++, p->fresh[j].attr);
}

static bool is_changed(const struct observe_plan *p, const struct new_region *r)
{
	return r->match != NOBODY && !region_attr_equal(&p->old[r->match].attr, r->attr);
}

/* Does one take over from another below it, so that it has to grow first? */
static bool takes_from(const struct observe_plan *p, const struct new_region *a,
		       const struct new_region *below)
{
	return a->attr->start < p->old[below->match].attr.end;
}

/* From low to high, so that a region that grows upwards comes before the one that it takes from; regions that
 * each take from the one below go the other way round. Matched regions do not cross, so only neighbours take
 * from each other. */
static void send_changes(struct observe_plan *p)
{
	const struct new_region **list = mem_alloc(p->new_count * sizeof *list);
	size_t n = 0;
	for (size_t j = 0; j < p->new_count; j++)
		if (is_changed(p, &p->fresh[j]))
			list[n++] = &p->fresh[j];
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && takes_from(p, list[end], list[end - 1]);)
			end++;
		for (size_t k = end; k-- > i;)
			send(p, EVENT_CHANGE, p->old[list[k]->match].id, list[k]->attr);
	}
	free(list);
}

static void send_tiles(struct observe_plan *p, const struct run *tiles, size_t n)
{
	struct event e = { .type = EVENT_PAGES, .time_ns = p->now_ns, .pid = p->process->pid };
	e.pages.tiles = tiles;
	e.pages.n = n;
	sink_send(p->sink, &e);
	p->events++;
}

static void send_reserved(struct observe_plan *p)
{
	const struct space *s = p->process->space;
	for (size_t i = 0; i < p->reserve_count; i++) {
		const struct stretch *new = &p->reserve[i];
		struct run tile = { space_page(s, new->start), space_page(s, new->end), new->word };
		send_tiles(p, &tile, 1);
	}
}

/* A missing page is a guard in a region that allows nothing, and reserved in any other. The region is read
 * again soon; until then faults must not find what is out of date. */
static void send_turned(struct observe_plan *p)
{
	const struct space *s = p->process->space;
	for (size_t i = 0; i < p->turned_count; i++) {
		const struct stretch *turned = &p->turned[i];
		struct runs_iter iter =
		    runs_iter(s->pages, space_page(s, turned->start), space_page(s, turned->end));
		struct run *tiles = NULL;
		size_t n = 0, cap = 0, turns = 0;
		for (struct run run; runs_next(&iter, &run);) {
			enum page_state state = page_state(run.value);
			bool turns_now = page_state_kills(page_state(turned->word))
					     ? page_state_untouched(state)
					     : page_state_kills(state);
			mem_grow(tiles, cap, n + 1);
			tiles[n] = run;
			if (turns_now)
				tiles[n].value = turned->word;
			n++;
			turns += turns_now;
		}
		if (turns)
			send_tiles(p, tiles, n);
		free(tiles);
	}
}

size_t observe_regions(const struct process *process, struct sink *sink, uint64_t now_ns,
		       const struct region_attr *attrs, size_t n)
{
	if (nothing_changed(process->space, attrs, n))
		return 0;
	struct observe_plan p = { .process = process, .sink = sink, .now_ns = now_ns };
	plan_init(&p, attrs, n);
	compare(&p);
	send_unmaps(&p, false);
	send_maps(&p);
	send_changes(&p);
	send_unmaps(&p, true);
	send_reserved(&p);
	send_turned(&p);
	plan_fini(&p);
	return p.events;
}

/* --- pages --- */

/* The tiles of the reading and the runs of the model are compared side by side. Equal pieces cost only the
 * comparison. Pieces that differ are gathered:
 *
 *     model    |r r r r r r r|a a|r r r r r|
 *     reading  |r r|a|r|a|r r|a a|r r r r r|
 *     event        [a r a]                       one event, the equal page in between
 *                                                included, for a change of the model
 *                                                has a cost of its own
 *
 * Each event is applied before the loop goes on. What is PAGE_NONE in the model lies in no region and is left
 * out, whatever was read there. */

#define NEAR 32           /* this many equal pieces between two changes do not separate them */
#define EVENT_TILES 16384 /* the most tiles of one event */

struct gather {
	const struct process *process;
	struct sink *sink;
	uint64_t now_ns;
	struct run *tiles;
	size_t count, cap;
	size_t keep_count; /* as of the last piece that differs: what follows is cut off */
	uint64_t keep_end;
	unsigned equal;  /* equal pieces since */
	uint64_t differ; /* pages */
};

/* Sends what was gathered; returns whether the model changed. */
static bool flush(struct gather *g)
{
	if (g->count == 0)
		return false;
	g->tiles[g->keep_count - 1].end = g->keep_end;
	struct event e = { .type = EVENT_PAGES, .time_ns = g->now_ns, .pid = g->process->pid };
	e.pages.tiles = g->tiles;
	e.pages.n = g->keep_count;
	sink_send(g->sink, &e);
	g->count = g->keep_count = 0;
	g->equal = 0;
	return true;
}

static void add_piece(struct gather *g, uint64_t first, uint64_t end, uint32_t word)
{
	if (g->count && g->tiles[g->count - 1].value == word) {
		g->tiles[g->count - 1].end = end;
		return;
	}
	mem_grow(g->tiles, g->cap, g->count + 1);
	g->tiles[g->count++] = (struct run){ first, end, word };
}

/* One piece: pages [first, end) that are `now` in the reading and `was` in the model. */
static bool take_piece(struct gather *g, uint64_t first, uint64_t end, uint32_t was, uint32_t now)
{
	if (was == PAGE_NONE)
		return flush(g);
	if (was == now) {
		if (g->count == 0)
			return false;
		if (++g->equal > NEAR)
			return flush(g);
		add_piece(g, first, end, now);
		return false;
	}
	g->differ += end - first;
	g->equal = 0;
	add_piece(g, first, end, now);
	g->keep_count = g->count;
	g->keep_end = end;
	return g->count >= EVENT_TILES && flush(g);
}

uint64_t observe_pages(const struct process *process, struct sink *sink, uint64_t now_ns,
		       const struct run *tiles, size_t n)
{
	struct gather g = { .process = process, .sink = sink, .now_ns = now_ns };
	struct runs_iter iter = { 0 };
	struct run run = { 0 };

	bool stale = false; /* the model changed: what was read from it is out of date */
	for (size_t i = 0; i < n; i++) {
		uint64_t at = tiles[i].first;
		if (i > 0 && at != tiles[i - 1].end && flush(&g))
			stale = true;
		while (at < tiles[i].end) {
			if (stale || at >= run.end) {
				if (stale || !iter.runs || at != iter.at)
					iter = runs_iter(process->space->pages, at, tiles[n - 1].end);
				runs_next(&iter, &run);
			}
			uint64_t end = min(run.end, tiles[i].end);
			stale = take_piece(&g, at, end, run.value, tiles[i].value);
			at = end;
		}
	}
	flush(&g);
	free(g.tiles);
	return g.differ;
}
