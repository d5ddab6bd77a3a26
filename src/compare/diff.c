/* Two address spaces side by side: their runs are read together, and each range in which the states differ is
 * noted with both states. A difference only in flags, or in what the page cache holds of a page that the
 * process does not have, does not count: it would drown the rest. */
#include "compare/diff.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/minmax.h"

#define BATCH 4096 /* ranges noted at once */

struct diff_batch {
	struct diff *diff;
	struct run *tiles;
	size_t count, cap;
};

static void flush(struct diff_batch *c)
{
	runs_splice(c->diff->changes, c->tiles, c->count);
	c->count = 0;
}

static void note(struct diff_batch *c, uint64_t first, uint64_t end, uint32_t was, uint32_t now)
{
	uint32_t value = page_change_is_own(was, now) ? was << 4 | now : 0;
	if (value) {
		c->diff->moves[was][now] += end - first;
		c->diff->changed += end - first;
	}
	if (c->count && c->tiles[c->count - 1].value == value) {
		c->tiles[c->count - 1].end = end;
		return;
	}
	if (c->count >= BATCH)
		flush(c);
	mem_grow(c->tiles, c->cap, c->count + 1);
	c->tiles[c->count++] = (struct run){ first, end, value };
}

static void compare_pages(struct diff *d, const struct space *a, const struct space *b)
{
	struct diff_batch c = { .diff = d };
	struct runs_iter iter_a = runs_iter(a->pages, 0, RUNS_END), iter_b = runs_iter(b->pages, 0, RUNS_END);
	struct run was = { 0 }, now = { 0 };
	for (uint64_t at = 0, end; at < RUNS_END; at = end) {
		if (was.end <= at)
			runs_next(&iter_a, &was);
		if (now.end <= at)
			runs_next(&iter_b, &now);
		end = min(was.end, now.end);
		note(&c, at, end, page_state(was.value), page_state(now.value));
	}
	flush(&c);
	free(c.tiles);
}

static uint64_t changed_in(const struct diff *d, uint64_t first, uint64_t end)
{
	uint64_t changed = 0;
	struct runs_iter iter = runs_iter(d->changes, first, end);
	struct run run;
	while (runs_next(&iter, &run))
		if (run.value)
			changed += run.end - run.first;
	return changed;
}

/* Pages of both bounds; those in both count once. */
static uint64_t changed_in_both(const struct diff *d, const struct space *s, const struct region *a,
				const struct region *b)
{
	uint64_t changed = changed_in(d, region_first(s, b), region_end(s, b));
	if (!a)
		return changed;
	uint64_t first = region_first(s, a), end = region_end(s, a);
	if (end <= region_first(s, b) || first >= region_end(s, b))
		return changed + changed_in(d, first, end);
	if (first < region_first(s, b))
		changed += changed_in(d, first, region_first(s, b));
	if (end > region_end(s, b))
		changed += changed_in(d, region_end(s, b), end);
	return changed;
}

static void add_region(struct diff *d, const struct space *sa, const struct space *sb, const struct region *a,
		       const struct region *b)
{
	struct diff_region r = { .a = a, .b = b };
	r.attr_changed = !a || !b || !region_attr_equal(&a->attr, &b->attr);
	r.changed = b ? changed_in_both(d, sb, a, b) : changed_in(d, region_first(sa, a), region_end(sa, a));
	if (!r.changed && !r.attr_changed)
		return;
	if (a)
		space_add_region_counts(sa, a, r.was);
	if (b)
		space_add_region_counts(sb, b, r.now);
	mem_grow(d->regions, d->cap, d->count + 1);
	d->regions[d->count++] = r;
}

static int by_id(const void *a, const void *b)
{
	const struct region *const *x = a, *const *y = b;
	return (*x)->id < (*y)->id ? -1 : (*x)->id > (*y)->id;
}

static uint64_t address_of(const struct diff_region *r)
{
	return r->b ? r->b->attr.start : r->a->attr.start;
}

static int by_address(const void *a, const void *b)
{
	uint64_t x = address_of(a), y = address_of(b);
	return x < y ? -1 : x > y;
}

static struct region **sorted_by_id(const struct space *s)
{
	struct region **list = mem_alloc(s->count * sizeof *list);
	for (size_t i = 0; i < s->count; i++)
		list[i] = s->regions[i];
	qsort(list, s->count, sizeof *list, by_id);
	return list;
}

static void compare_regions(struct diff *d, const struct space *a, const struct space *b)
{
	struct region **old = sorted_by_id(a), **now = sorted_by_id(b);
	for (size_t i = 0, j = 0; i < a->count || j < b->count;) {
		bool has_old = i < a->count && (j == b->count || old[i]->id <= now[j]->id);
		bool has_now = j < b->count && (i == a->count || now[j]->id <= old[i]->id);
		add_region(d, a, b, has_old ? old[i] : NULL, has_now ? now[j] : NULL);
		i += has_old;
		j += has_now;
	}
	free(old);
	free(now);
	if (d->count)
		qsort(d->regions, d->count, sizeof *d->regions, by_address);
}

void diff_spaces(struct diff *d, const struct space *a, const struct space *b)
{
	*d = (struct diff){ .changes = runs_create(0) };
	compare_pages(d, a, b);
	compare_regions(d, a, b);
}

void diff_fini(struct diff *d)
{
	free(d->regions);
	runs_destroy(d->changes);
	*d = (struct diff){ 0 };
}
