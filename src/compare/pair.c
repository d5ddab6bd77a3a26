/* If a region is in both, it has the left one's attributes; what only the right one has comes between and
 * around.
 *
 *     left     [heap      )            [stack)
 *     right    [heap           )[anon ) [stack   )
 *     both     [heap      )[heap)[anon)[stack)[st)
 *
 * observe_regions compares the union with the previous one, so a region keeps its identity, and the screen
 * its rows, however much the two diverge. */
#include "compare/pair.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/minmax.h"
#include "model/observe.h"

struct attrs {
	struct region_attr *list;
	size_t count, cap;
};

static void init(struct pair *p, const struct process *left, const struct process *right)
{
	struct event e = { .type = EVENT_PROCESS, .pid = left->pid };

	e.process = (struct event_process){ .comm = "", .exe = "", .page_shift = left->space->page_shift };
	*p = (struct pair){ .left = left->pid, .right = right->pid };
	p->world = world_create();
	world_apply(p->world, &e);
	p->both = p->world->processes[0]->space;
	p->common = runs_create(PAGE_COMMON_UNKNOWN);
	p->parted = runs_create(0);
}

void pair_init(struct pair *p, const struct process *left, const struct process *right)
{
	init(p, left, right);
	pair_update(p, left, right, 0);
}

void pair_fini(struct pair *p)
{
	if (p->left) {
		world_destroy(p->world);
		runs_destroy(p->common);
		runs_destroy(p->parted);
	}
	*p = (struct pair){ 0 };
}

static void add(struct attrs *out, const struct region_attr *attr, uint64_t start, uint64_t end)
{
	if (start >= end)
		return;
	mem_grow(out->list, out->cap, out->count + 1);
	out->list[out->count] = *attr;
	out->list[out->count].start = start;
	out->list[out->count].end = end;
	out->list[out->count].offset += start - attr->start;
	out->count++;
}

/* The part of the right one's regions that lies between two addresses. */
static void add_between(struct attrs *out, const struct space *right, uint64_t start, uint64_t end)
{
	for (size_t i = space_find_index(right, start);
	     i < right->count && right->regions[i]->attr.start < end; i++) {
		const struct region_attr *attr = &right->regions[i]->attr;

		add(out, attr, max(attr->start, start), min(attr->end, end));
	}
}

static void unite(struct attrs *out, const struct space *left, const struct space *right)
{
	uint64_t at = 0;

	for (size_t i = 0; i < left->count; i++) {
		const struct region_attr *attr = &left->regions[i]->attr;

		add_between(out, right, at, attr->start);
		add(out, attr, attr->start, attr->end);
		at = attr->end;
	}
	add_between(out, right, at, UINT64_MAX);
}

void pair_update(struct pair *p, const struct process *left, const struct process *right, uint64_t now_ns)
{
	struct attrs attrs = { 0 };

	if (p->aligned)
		return;
	if (p->left_space == left->space && p->right_space == right->space &&
	    p->left_generation == left->space->region_generation &&
	    p->right_generation == right->space->region_generation)
		return;
	p->left_space = left->space;
	p->right_space = right->space;
	p->left_generation = left->space->region_generation;
	p->right_generation = right->space->region_generation;
	unite(&attrs, left->space, right->space);
	observe_regions(p->world->processes[0], &p->world->sink, now_ns, attrs.list, attrs.count);
	space_bury(p->both, now_ns + SPACE_GHOST_NS + 1); /* what both have given up goes at once */
	free(attrs.list);
}

/* A pair of regions is one region of both, as B has it, but as long as the two together. */
static void unite_stretches(struct attrs *out, const struct aligned *al, unsigned page_shift)
{
	for (size_t i = 0; i < al->count; i++) {
		const struct aligned_stretch *s = &al->stretches[i];
		const struct region *r = s->region->b ? s->region->b : s->region->a;

		add(out, &r->attr, s->first << page_shift, s->end << page_shift);
		out->list[out->count - 1].offset = r->attr.offset;
	}
}

/* Fills in pages, which mean something here: B's, or A's if B has none. */
static void fill_pages(struct pair *p, const struct aligned *al)
{
	for (int side = 0; side < ALIGNED_SIDES; side++) {
		struct runs_iter iter = runs_iter(al->sides[side].space->pages, 0, RUNS_END);
		struct run run;

		while (runs_next(&iter, &run))
			if (page_state(run.value) != PAGE_NONE)
				runs_set(p->both->pages, run.first, run.end, run.value);
	}
}

void pair_init_aligned(struct pair *p, const struct aligned *al)
{
	const struct process *a = &al->sides[ALIGNED_A], *b = &al->sides[ALIGNED_B];
	struct attrs attrs = { 0 };

	init(p, a, b);
	p->aligned = al;
	if (al->comparison.same_layout)
		unite(&attrs, a->space, b->space);
	else
		unite_stretches(&attrs, al, p->both->page_shift);
	observe_regions(p->world->processes[0], &p->world->sink, 0, attrs.list, attrs.count);
	fill_pages(p, al);
	free(attrs.list);
}

/* One run of equal answers. */
static bool take_run(struct pair *p, uint64_t first, uint64_t end, uint8_t common, uint64_t now_ns)
{
	bool differs = false;

	for (uint64_t at = first; at < end;) {
		struct run was = runs_at(p->common, at);
		uint64_t stop = min(was.end, end);

		differs |= was.value != common;
		if (was.value == PAGE_COMMON_SAME && common == PAGE_COMMON_OWN) {
			runs_set(p->parted, at, stop, (uint32_t)(now_ns / 1000000));
			p->parted_ns = now_ns;
		}
		at = stop;
	}
	if (differs)
		runs_set(p->common, first, end, common);
	return differs;
}

bool pair_take(struct pair *p, uint64_t first, const uint8_t *common, size_t n, uint64_t now_ns)
{
	bool differs = false;

	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && common[end] == common[i];)
			end++;
		/* not known at the moment: what was known before still holds */
		if (common[i] != PAGE_COMMON_UNKNOWN)
			differs |= take_run(p, first + i, first + end, common[i], now_ns);
	}
	return differs;
}

void pair_count(const struct pair *p, uint64_t first, uint64_t end, uint64_t counts[static RUNS_VALUES])
{
	runs_count(p->common, first, end, counts);
}
