/* First each pair of regions gets its range of slots, in B's order. Then both memories are copied there, run
 * by run, and what differs is marked. */
#include "compare/aligned.h"

#include <stdlib.h>

#include "base/bisect.h"
#include "base/mem.h"
#include "base/minmax.h"

static const struct space *real_space(const struct aligned *al, enum aligned_side side)
{
	return al->pictures[side].process->space;
}

static const struct region *region_on(const struct compare_region *r, enum aligned_side side)
{
	return side == ALIGNED_A ? r->a : r->b;
}

/* The order of the ranges: B's; what only A has comes after what is before it in A. */
struct order {
	const struct compare_region *region;
	uint64_t b, a; /* addresses; a 0: it is in B */
};

static int by_order(const void *pa, const void *pb)
{
	const struct order *a = pa, *b = pb;

	if (a->b != b->b)
		return a->b < b->b ? -1 : 1;
	return a->a < b->a ? -1 : a->a > b->a;
}

static int by_a(const void *pa, const void *pb)
{
	const struct region_attr *a = &(*(struct order *const *)pa)->region->a->attr;
	const struct region_attr *b = &(*(struct order *const *)pb)->region->a->attr;

	return a->start < b->start ? -1 : a->start > b->start;
}

/* What only A has goes after the region of B that matches the last one of A before it. */
static void put_alone(struct order *list, size_t count)
{
	struct order **of_a = mem_alloc((count + 1) * sizeof *of_a);
	uint64_t behind = 0;
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		if (list[i].region->a)
			of_a[n++] = &list[i];
	if (n)
		qsort(of_a, n, sizeof *of_a, by_a);
	for (size_t i = 0; i < n; i++) {
		if (of_a[i]->region->b)
			behind = of_a[i]->b;
		else
			of_a[i]->b = behind;
	}
	free(of_a);
}

static struct order *put_in_order(const struct comparison *c)
{
	struct order *list = mem_zalloc((c->count + 1) * sizeof *list);

	for (size_t i = 0; i < c->count; i++) {
		const struct compare_region *r = &c->regions[i];

		list[i] = (struct order){ r, r->b ? r->b->attr.start : 0, r->b ? 0 : r->a->attr.start };
	}
	put_alone(list, c->count);
	if (c->count)
		qsort(list, c->count, sizeof *list, by_order);
	return list;
}

/* Its natural place, if there is room, and its length: in pages of B, or of A if only A has it. */
static void natural(const struct comparison *c, const struct compare_region *r, int64_t *first, int64_t *end)
{
	int64_t a_first = 0, a_end = 0;

	if (r->a) {
		a_first = (int64_t)(region_first(c->a, r->a) + r->ahead);
		a_end = (int64_t)(region_end(c->a, r->a) + r->ahead);
	}
	*first = r->b ? (int64_t)region_first(c->b, r->b) : a_first;
	*end = r->b ? (int64_t)region_end(c->b, r->b) : a_end;
	if (r->a && a_first < *first)
		*first = a_first;
	if (r->a && a_end > *end)
		*end = a_end;
}

static void place_stretches(struct aligned *al)
{
	const struct comparison *c = &al->comparison;
	struct order *list = put_in_order(c);
	uint64_t at = 0;

	al->stretches = mem_zalloc((c->count + 1) * sizeof *al->stretches);
	for (; al->count < c->count; al->count++) {
		struct aligned_stretch *s = &al->stretches[al->count];
		int64_t first, end;

		s->region = list[al->count].region;
		natural(c, s->region, &first, &end);
		s->first = s->region->b && first > (int64_t)at ? (uint64_t)first : at;
		s->end = at = s->first + (uint64_t)(end - first);
		s->to[ALIGNED_B] = (uint64_t)first - s->first;
		s->to[ALIGNED_A] = s->to[ALIGNED_B] - s->region->ahead;
	}
	free(list);
}

static void copy_runs(struct runs *to, const struct runs *from, uint64_t first, uint64_t end, uint64_t shift)
{
	struct runs_iter iter = runs_iter(from, first, end);
	struct run run;

	while (runs_next(&iter, &run))
		runs_set(to, run.first - shift, run.end - shift, run.value);
}

/* The memory of one side, in its slots. */
static struct space *move_space(const struct aligned *al, enum aligned_side side)
{
	const struct space *from = real_space(al, side);
	struct space *to = space_create(from->page_shift);

	for (size_t i = 0; i < al->count; i++) {
		const struct aligned_stretch *s = &al->stretches[i];
		const struct region *r = region_on(s->region, side);
		uint64_t first = r ? region_first(from, r) : 0, end = r ? region_end(from, r) : 0;
		struct region_attr attr;

		if (!r)
			continue;
		attr = r->attr;
		attr.start = space_address(to, first - s->to[side]);
		attr.end = space_address(to, end - s->to[side]);
		space_map(to, i + 1, &attr, 0);
		copy_runs(to->pages, from->pages, first, end, s->to[side]);
		copy_runs(to->since, from->since, first, end, s->to[side]);
	}
	return to;
}

static void make_side(struct aligned *al, enum aligned_side side)
{
	const struct process *real = al->pictures[side].process;

	al->sides[side] = *real; /* everything except its memory is the real process's */
	al->sides[side].pid = (int32_t)side + 1;
	al->sides[side].parent = 0;
	al->sides[side].identity.launched = false; /* there is nothing to end */
	if (!al->comparison.same_layout)
		al->sides[side].space = move_space(al, side);
	world_add(al->stage, &al->sides[side]);
}

/* Where runs are marked. */
struct marking {
	struct aligned *al;
	const struct aligned_stretch *stretch; /* NULL: the same layout */
	bool real;
};

static void mark_run(void *context, const struct compare_run *run)
{
	const struct marking *m = context;
	const struct aligned_stretch *s = m->stretch;
	uint64_t slot = run->b_page;

	if (s)
		slot = s->region->a ? run->a_page - s->to[ALIGNED_A] : run->b_page - s->to[ALIGNED_B];
	else if (run->now == PAGE_NONE)
		slot = run->a_page;
	if ((run->chance == COMPARE_REAL) == m->real)
		runs_set(m->al->differs, slot, slot + run->pages,
			 m->real ? ALIGNED_REAL : (uint32_t)run->chance);
}

static void mark_differences(struct aligned *al)
{
	const struct comparison *c = &al->comparison;

	al->differs = runs_create(0);
	for (int real = 0; real < 2; real++)
		for (size_t i = 0; i < c->count; i++) {
			const struct aligned_stretch *s = c->same_layout ? NULL : &al->stretches[i];
			struct marking m = { al, s, real != 0 };

			compare_each_run(c, s ? s->region : &c->regions[i], mark_run, &m);
		}
}

struct aligned *aligned_create(const struct aligned_picture pictures[static ALIGNED_SIDES], bool all)
{
	struct aligned *al = mem_zalloc(sizeof *al);

	al->pictures[ALIGNED_A] = pictures[ALIGNED_A];
	al->pictures[ALIGNED_B] = pictures[ALIGNED_B];
	compare_spaces(&al->comparison, real_space(al, ALIGNED_A), real_space(al, ALIGNED_B), all);
	al->stage = world_create();
	al->stage->ticks = 1; /* there is a whole picture */
	if (!al->comparison.same_layout)
		place_stretches(al);
	make_side(al, ALIGNED_A);
	make_side(al, ALIGNED_B);
	mark_differences(al);
	return al;
}

void aligned_destroy(struct aligned *al)
{
	if (!al)
		return;
	for (int side = 0; side < ALIGNED_SIDES && !al->comparison.same_layout; side++)
		space_destroy(al->sides[side].space);
	al->stage->count = 0; /* the rest of them belongs to the caller */
	world_destroy(al->stage);
	compare_fini(&al->comparison);
	runs_destroy(al->differs);
	free(al->stretches);
	free(al);
}

enum aligned_side aligned_side_of(const struct aligned *al, const struct process *p)
{
	return p == &al->sides[ALIGNED_A] ? ALIGNED_A : ALIGNED_B;
}

/* The first range that ends after the slot; NULL: none. */
static const struct aligned_stretch *stretch_at(const struct aligned *al, uint64_t slot)
{
	size_t at;

	bisect(at, 0, al->count, al->stretches[at].end <= slot);
	return at < al->count ? &al->stretches[at] : NULL;
}

bool aligned_page(const struct aligned *al, enum aligned_side side, uint64_t slot, uint64_t *page)
{
	const struct space *space = real_space(al, side);
	const struct aligned_stretch *s = al->comparison.same_layout ? NULL : stretch_at(al, slot);
	const struct region *r = s ? region_on(s->region, side) : NULL;

	if (al->comparison.same_layout) {
		*page = slot;
		return space_find(space, space_address(space, slot)) != NULL;
	}
	if (!s || !r || slot < s->first)
		return false;
	*page = slot + s->to[side];
	return *page >= region_first(space, r) && *page < region_end(space, r);
}

bool aligned_slot(const struct aligned *al, enum aligned_side side, uint64_t page, uint64_t *slot)
{
	const struct space *space = real_space(al, side);
	const struct region *r = space_find(space, space_address(space, page));

	*slot = page;
	if (al->comparison.same_layout)
		return r != NULL;
	for (size_t i = 0; r && i < al->count; i++)
		if (region_on(al->stretches[i].region, side) == r) {
			*slot = page - al->stretches[i].to[side];
			return true;
		}
	return false;
}

bool aligned_begin(const struct aligned *al, enum aligned_side side, uint64_t slot, uint64_t end,
		   uint64_t *page)
{
	const struct space *space = al->sides[side].space;
	size_t i = space_find_index(space, space_address(space, slot));
	uint64_t first;

	if (i >= space->count || region_first(space, space->regions[i]) >= end)
		return false;
	first = region_first(space, space->regions[i]);
	return aligned_page(al, side, max(first, slot), page);
}

uint64_t aligned_count(const struct aligned *al, uint64_t first, uint64_t end, uint64_t *by_chance)
{
	uint64_t counts[RUNS_VALUES] = { 0 };

	runs_count(al->differs, first, end, counts);
	*by_chance = 0;
	for (uint32_t chance = COMPARE_REAL + 1; chance < COMPARE_CHANCES; chance++)
		*by_chance += counts[chance];
	return counts[ALIGNED_REAL];
}
