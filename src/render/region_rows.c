/* A line for each region, or for each group of regions when folded; sorted; counted from the page runs.
 * Rebuilt only when something changed, because a process may have tens of thousands of regions. */
#include "render/region_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

bool region_filter_is_set(const struct region_filter *filter)
{
	return filter->text[0] || filter->kinds != ~UINT32_C(0);
}

bool region_filter_same(const struct region_filter *a, const struct region_filter *b)
{
	return a->kinds == b->kinds && !strcmp(a->text, b->text);
}

bool region_matches(const struct region *r, const struct region_filter *filter)
{
	if (!(filter->kinds >> r->attr.kind & 1))
		return false;
	return !filter->text[0] || strcasestr(region_kind_name(r->attr.kind), filter->text) ||
	       strcasestr(r->attr.path, filter->text);
}

static bool is_kernels(const struct region *r)
{
	return r->attr.kind == REGION_VDSO || r->attr.kind == REGION_VVAR;
}

bool region_same_group(const struct region *before, const struct region *r)
{
	const struct region_attr *a = &before->attr, *b = &r->attr;

	if (b->kind == REGION_BSS || (is_kernels(before) && is_kernels(r)))
		return a->end == b->start;
	return b->path[0] && a->inode == b->inode && a->dev_major == b->dev_major &&
	       a->dev_minor == b->dev_minor && strcmp(a->path, b->path) == 0;
}

static void add_difference(struct region_row *row, const struct aligned *al, uint64_t first, uint64_t end)
{
	uint64_t by_chance, page;

	row->differ += aligned_count(al, first, end, &by_chance);
	row->by_chance += by_chance;
	for (int side = 0; side < ALIGNED_SIDES; side++)
		row->on[side] |= aligned_begin(al, (enum aligned_side)side, first, end, &page);
}

static void add_region(struct region_row *row, const struct space *s, const struct region *r)
{
	uint64_t first = region_first(s, r), end = region_end(s, r);
	uint32_t changed = runs_max(s->since, first, end);

	if (end - first > row->largest) {
		row->largest = end - first;
		row->kind = r->attr.kind;
	}
	row->regions++;
	row->end = end;
	row->pages += end - first;
	space_add_region_counts(s, r, row->counts);
	row->resident = page_resident(row->counts);
	row->growth += space_growth(s, r);
	if (changed > row->changed_ms)
		row->changed_ms = changed;
}

struct sorter {
	const struct space *space;
	enum region_sort sort;
};

static int compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int compare_names(const struct space *s, const struct region_row *a, const struct region_row *b)
{
	const struct region *ra = space_find_near(s, a->id, space_address(s, a->first));
	const struct region *rb = space_find_near(s, b->id, space_address(s, b->first));
	const char *na = ra ? region_name(&ra->attr) : "", *nb = rb ? region_name(&rb->attr) : "";

	/* those without a name come last */
	if (!*na != !*nb)
		return *na ? -1 : 1;
	return strcmp(na, nb);
}

static int compare_rows(const void *pa, const void *pb, void *context)
{
	const struct region_row *a = pa, *b = pb;
	const struct sorter *sorter = context;
	int order = 0;

	switch (sorter->sort) {
	case REGION_SORT_SIZE:
		order = compare(b->pages, a->pages);
		break;
	case REGION_SORT_RESIDENT:
		order = compare(b->resident, a->resident);
		break;
	case REGION_SORT_CHANGED:
		order = compare(b->changed_ms, a->changed_ms);
		break;
	case REGION_SORT_GROWTH:
		order = (a->growth < b->growth) - (a->growth > b->growth);
		break;
	case REGION_SORT_DIFFERENCE:
		order = compare(b->differ, a->differ);
		break;
	case REGION_SORT_NAME:
		order = compare_names(sorter->space, a, b);
		break;
	case REGION_SORT_ADDRESS:
	case REGION_SORT_COUNT:
		break;
	}
	return order ? order : compare(a->first, b->first);
}

static bool is_fresh(const struct region_rows *l, const struct space *s, const struct region_filter *filter,
		     enum region_sort sort, bool fold)
{
	return l->space == s && l->generation == s->generation && l->sort == sort && l->fold == fold &&
	       region_filter_same(&l->filter, filter);
}

void region_rows_update(struct region_rows *l, const struct space *s, const struct region_filter *filter,
			enum region_sort sort, bool fold)
{
	struct sorter sorter = { s, sort };
	const struct region *before = NULL;

	if (is_fresh(l, s, filter, sort, fold))
		return;
	l->count = 0;
	for (size_t i = 0; i < s->count; i++) {
		const struct region *r = s->regions[i];

		if (!region_matches(r, filter))
			continue;
		if (!fold || !before || !region_same_group(before, r)) {
			mem_grow(l->rows, l->cap, l->count + 1);
			l->rows[l->count++] = (struct region_row){ .id = r->id, .first = region_first(s, r) };
		}
		add_region(&l->rows[l->count - 1], s, r);
		if (l->aligned)
			add_difference(&l->rows[l->count - 1], l->aligned, region_first(s, r),
				       region_end(s, r));
		before = r;
	}
	if (sort != REGION_SORT_ADDRESS && l->count)
		qsort_r(l->rows, l->count, sizeof *l->rows, compare_rows, &sorter);
	l->space = s;
	l->generation = s->generation;
	l->sort = sort;
	l->fold = fold;
	l->filter = *filter;
}

void region_rows_fini(struct region_rows *l)
{
	free(l->rows);
	*l = (struct region_rows){ 0 };
}
