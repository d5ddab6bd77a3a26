/* Which region of one space is which of the other.
 *
 * With the same layout: those that overlap and map the same thing. Otherwise regions are grouped by what they
 * are (path, kind, rights); a bss counts with the file whose data it follows. Groups are in the order of
 * addresses on both sides, because the kernel places mappings one below the other in the order in which the
 * program asks for them, wherever it began:
 *
 *    a:  anon 1.3M   anon 8K            anon 64K
 *    b:  anon 2.0M   anon 8K  anon 1M   anon 64K
 *        ~~~~~~~~~   =======            ========     size differs; same; "anon 1M" is new
 *
 * Within a group the longest common sequence of equal sizes is matched first, then what lies between, in
 * order. Regions without a partner are tried again with other rights. */
#include "compare/match.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/minmax.h"

#define TABLE_MAX ((size_t)1 << 22) /* cells; above that, groups are matched by order alone */

/* A region that has no partner yet. */
struct unmatched {
	const struct region *region;
	const char *name; /* path; for a bss, that of the file before it */
	bool taken;
};

struct unmatched_list {
	struct unmatched *list;
	size_t count;
};

static bool of_file(const struct region *r)
{
	return r->attr.path[0] == '/';
}

static const struct region *find_kind(const struct space *s, enum region_kind kind)
{
	for (size_t i = s->count; i--;)
		if (s->regions[i]->attr.kind == kind)
			return s->regions[i];
	return NULL;
}

/* Both the vdso and the stack are placed at random, each by itself. */
bool match_same_layout(const struct space *a, const struct space *b)
{
	const enum region_kind marks[] = { REGION_STACK, REGION_VDSO, REGION_TEXT };
	bool any = false;

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		const struct region *x = find_kind(a, marks[i]), *y = find_kind(b, marks[i]);

		if (!x || !y)
			continue;
		any = true;
		if (marks[i] == REGION_STACK ? x->attr.end != y->attr.end : x->attr.start != y->attr.start)
			return false;
	}
	/* none of these: the same if both begin at the same address */
	return any || (a->count && b->count && a->regions[0]->attr.start == b->regions[0]->attr.start);
}

/* What is matched so far. */
struct matches {
	const struct space *a, *b;
	struct match *list;
	size_t count, cap;
};

static void add(struct matches *m, const struct region *a, const struct region *b, uint64_t ahead)
{
	mem_grow(m->list, m->cap, m->count + 1);
	m->list[m->count++] = (struct match){ a, b, ahead };
}

static struct unmatched_list collect(const struct space *s)
{
	struct unmatched_list items = { mem_zalloc((s->count + 1) * sizeof *items.list), s->count };

	for (size_t i = 0; i < s->count; i++) {
		const struct region *r = s->regions[i];

		items.list[i].region = r;
		items.list[i].name = s->regions[space_file_region(s, i)]->attr.path;
	}
	return items;
}

/* The same thing, though perhaps with other rights? */
static bool alike(const struct unmatched *a, const struct unmatched *b)
{
	if (of_file(a->region))
		return of_file(b->region) && !strcmp(a->name, b->name);
	return a->region->attr.kind == b->region->attr.kind && !strcmp(a->name, b->name);
}

static void match_by_address(struct matches *ms, struct unmatched_list *a, struct unmatched_list *b)
{
	for (size_t i = 0, j = 0; i < a->count && j < b->count;) {
		struct unmatched *x = &a->list[i], *y = &b->list[j];
		const struct region_attr *p = &x->region->attr, *q = &y->region->attr;

		if (p->start < q->end && q->start < p->end && !x->taken && !y->taken && alike(x, y)) {
			add(ms, x->region, y->region, 0);
			x->taken = y->taken = true;
		}
		if (p->end <= q->end)
			i++;
		if (q->end <= p->end)
			j++;
	}
}

/* What is compared to make groups: first everything, then everything but the rights (and what follows from
 * them for a file's part). */
static int compare_names(const struct unmatched *a, const struct unmatched *b, bool strict)
{
	const struct region_attr *x = &a->region->attr, *y = &b->region->attr;
	int order = strcmp(a->name, b->name);

	if (order)
		return order;
	if (of_file(a->region) != of_file(b->region))
		return of_file(a->region) ? -1 : 1;
	if ((strict || !of_file(a->region)) && x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (strict && x->perms != y->perms)
		return x->perms < y->perms ? -1 : 1;
	return 0;
}

static int by_address(const struct unmatched *a, const struct unmatched *b)
{
	const struct region_attr *x = &a->region->attr, *y = &b->region->attr;

	if (of_file(a->region) && x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	return x->start < y->start ? -1 : x->start > y->start;
}

static int by_group_strict(const void *a, const void *b)
{
	int order = compare_names(a, b, true);

	return order ? order : by_address(a, b);
}

static int by_group_loose(const void *a, const void *b)
{
	int order = compare_names(a, b, false);

	return order ? order : by_address(a, b);
}

static uint64_t size_of(const struct unmatched *i)
{
	return i->region->attr.end - i->region->attr.start;
}

static bool same(const struct unmatched *a, const struct unmatched *b)
{
	return size_of(a) == size_of(b) &&
	       (!of_file(a->region) || a->region->attr.offset == b->region->attr.offset);
}

/* May they be one thing that became larger or smaller? */
static bool related(const struct unmatched *a, const struct unmatched *b)
{
	const struct region_attr *x = &a->region->attr, *y = &b->region->attr;

	if (!of_file(a->region))
		return x->perms == y->perms || size_of(a) == size_of(b);
	return x->offset < y->offset + size_of(b) && y->offset < x->offset + size_of(a);
}

/* How many pages have a different state, if b is `ahead` pages after a. */
static uint64_t cost(const struct matches *ms, const struct unmatched *a, uint64_t ahead)
{
	uint64_t first = region_first(ms->a, a->region), end = region_end(ms->a, a->region), differ = 0;
	struct runs_iter iter = runs_iter(ms->a->pages, first, end);
	struct run was, now;

	while (runs_next(&iter, &was)) {
		if (was.first + ahead >= RUNS_END || was.end + ahead > RUNS_END)
			return UINT64_MAX;
		struct runs_iter other = runs_iter(ms->b->pages, was.first + ahead, was.end + ahead);

		while (runs_next(&other, &now))
			if (page_state(was.value) != page_state(now.value))
				differ += now.end - now.first;
	}
	return differ;
}

/* Where a page of a is found in b: files by offset, stacks by their end, a heap by its beginning, other
 * memory by the end that fits better: mappings grow down, mremap up. */
static uint64_t ahead_of(const struct matches *ms, const struct unmatched *a, const struct unmatched *b)
{
	uint64_t start = region_first(ms->b, b->region) - region_first(ms->a, a->region);
	uint64_t end = region_end(ms->b, b->region) - region_end(ms->a, a->region);

	if (of_file(a->region))
		return start + (a->region->attr.offset >> ms->a->page_shift) -
		       (b->region->attr.offset >> ms->b->page_shift);
	if (a->region->attr.kind == REGION_STACK)
		return end;
	if (a->region->attr.kind == REGION_HEAP || start == end)
		return start;
	return cost(ms, a, end) <= cost(ms, a, start) ? end : start;
}

static void pair(struct matches *ms, struct unmatched *a, struct unmatched *b)
{
	add(ms, a->region, b->region, ahead_of(ms, a, b));
	a->taken = b->taken = true;
}

/* Matches what is between two certain matches, in order, if they are related. */
static void match_by_order(struct matches *ms, struct unmatched *a, size_t n, struct unmatched *b, size_t m)
{
	for (size_t i = 0, j = 0; i < n && j < m;) {
		if (related(&a[i], &b[j]))
			pair(ms, &a[i++], &b[j++]);
		else if (a[i].region->attr.offset < b[j].region->attr.offset)
			i++;
		else
			j++;
	}
}

/* The longest common sequence, from a table of lengths of what remains. */
static void match_table(struct matches *ms, struct unmatched *a, size_t n, struct unmatched *b, size_t m)
{
	uint32_t *length = mem_zalloc((n + 1) * (m + 1) * sizeof *length);
	size_t i, j, from_a = 0, from_b = 0;

	for (i = n; i--;)
		for (j = m; j--;) {
			uint32_t down = length[(i + 1) * (m + 1) + j], right = length[i * (m + 1) + j + 1];
			uint32_t both = same(&a[i], &b[j]) ? length[(i + 1) * (m + 1) + j + 1] + 1 : 0;
			uint32_t best = max(down, right);

			length[i * (m + 1) + j] = max(both, best);
		}
	for (i = j = 0; i < n && j < m;) {
		uint32_t here = length[i * (m + 1) + j];

		if (same(&a[i], &b[j]) && here == length[(i + 1) * (m + 1) + j + 1] + 1) {
			match_by_order(ms, a + from_a, i - from_a, b + from_b, j - from_b);
			pair(ms, &a[i++], &b[j++]);
			from_a = i;
			from_b = j;
		} else if (here == length[(i + 1) * (m + 1) + j]) {
			i++;
		} else {
			j++;
		}
	}
	match_by_order(ms, a + from_a, n - from_a, b + from_b, m - from_b);
	free(length);
}

static void match_group(struct matches *ms, struct unmatched *a, size_t n, struct unmatched *b, size_t m)
{
	/* from the top: the oldest mappings are there */
	while (n && m && same(&a[n - 1], &b[m - 1]))
		pair(ms, &a[--n], &b[--m]);
	while (n && m && same(a, b)) {
		pair(ms, a++, b++);
		n--;
		m--;
	}
	if (!n || !m)
		return;
	if (n < TABLE_MAX / (m + 1))
		match_table(ms, a, n, b, m);
	else
		match_by_order(ms, a, n, b, m);
}

/* Leaves those without a partner, sorted by group. */
static void sort_rest(struct unmatched_list *items, bool strict)
{
	size_t kept = 0;

	for (size_t i = 0; i < items->count; i++)
		if (!items->list[i].taken)
			items->list[kept++] = items->list[i];
	items->count = kept;
	if (kept)
		qsort(items->list, kept, sizeof *items->list, strict ? by_group_strict : by_group_loose);
}

static size_t group_end(const struct unmatched_list *items, size_t at, bool strict)
{
	size_t end = at + 1;

	while (end < items->count && compare_names(&items->list[at], &items->list[end], strict) == 0)
		end++;
	return end;
}

static void match_by_name(struct matches *ms, struct unmatched_list *a, struct unmatched_list *b, bool strict)
{
	sort_rest(a, strict);
	sort_rest(b, strict);
	for (size_t i = 0, j = 0; i < a->count && j < b->count;) {
		int order = compare_names(&a->list[i], &b->list[j], strict);
		size_t to_a = order <= 0 ? group_end(a, i, strict) : i;
		size_t to_b = order >= 0 ? group_end(b, j, strict) : j;

		if (order == 0)
			match_group(ms, a->list + i, to_a - i, b->list + j, to_b - j);
		i = to_a;
		j = to_b;
	}
}

size_t match_regions(const struct space *space_a, const struct space *space_b, struct match **matches)
{
	struct matches all = { .a = space_a, .b = space_b };
	struct unmatched_list a = collect(space_a), b = collect(space_b);

	if (match_same_layout(space_a, space_b)) {
		match_by_address(&all, &a, &b);
	} else {
		match_by_name(&all, &a, &b, true);
		match_by_name(&all, &a, &b, false);
	}
	for (size_t i = 0; i < a.count; i++)
		if (!a.list[i].taken)
			add(&all, a.list[i].region, NULL, 0);
	for (size_t i = 0; i < b.count; i++)
		if (!b.list[i].taken)
			add(&all, NULL, b.list[i].region, 0);
	free(a.list);
	free(b.list);
	*matches = all.list;
	return all.count;
}
