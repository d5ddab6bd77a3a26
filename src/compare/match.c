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
 * Within a group the longest common sequence of equal sizes is matched first. The order is not always the
 * same: malloc aligns its arenas at 64 MiB and the addresses are random, so one run puts an arena into a gap
 * that the other run does not have. So those of the rest whose size no other region of the group has are
 * matched by it, wherever they are:
 *
 *    a:  anon 1.3M   anon 1.7M   anon 8K
 *    b:  anon 1.7M   anon 1.3M   anon 8K
 *                         in order: 1.7M and 8K; by its size alone: 1.3M
 *
 * Last comes what lies between those in order, one after the other. Regions without a partner are tried again
 * with other rights. */
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
	bool lone;        /* no file, and no other region of its side has its name */
	bool taken;
	bool in_order; /* taken by one of the same size, in the order that both sides have */
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
	bool again; /* those without a partner are tried again, with other rights */
	struct match *list;
	size_t count, cap;
};

static void add(struct matches *m, struct match match)
{
	mem_grow(m->list, m->cap, m->count + 1);
	m->list[m->count++] = match;
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
			add(ms, (struct match){ x->region, y->region, 0, MATCH_ADDRESS });
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

/* Two that the first try has left, because they are in no certain order. */
static bool refused(const struct matches *ms, const struct unmatched *a, const struct unmatched *b)
{
	return ms->again && !of_file(a->region) && a->region->attr.perms == b->region->attr.perms;
}

static bool same(const struct matches *ms, const struct unmatched *a, const struct unmatched *b)
{
	return size_of(a) == size_of(b) && !refused(ms, a, b) &&
	       (!of_file(a->region) || a->region->attr.offset == b->region->attr.offset);
}

/* May they be one thing that became larger or smaller? */
static bool related(const struct matches *ms, const struct unmatched *a, const struct unmatched *b)
{
	const struct region_attr *x = &a->region->attr, *y = &b->region->attr;

	if (refused(ms, a, b))
		return false;
	if (!of_file(a->region))
		return (a->lone && b->lone) || x->perms == y->perms || size_of(a) == size_of(b);
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

static void pair(struct matches *ms, struct unmatched *a, struct unmatched *b, enum match_by by)
{
	add(ms, (struct match){ a->region, b->region, ahead_of(ms, a, b), by });
	a->taken = b->taken = true;
	a->in_order = b->in_order = by != MATCH_SIZE;
}

/* The regions of one group on both sides, or a part of them. */
struct match_group {
	struct unmatched *a, *b; /* from here on, n and m of them */
	size_t n, m;
	enum match_by by; /* what says which is which, as long as they are in order */
};

/* Of a file: its offset. Something with a name or a kind of its own: that there is only one. */
static enum match_by said_by(const struct match_group *g)
{
	if (of_file(g->a->region))
		return MATCH_NAME;
	return g->n == 1 && g->m == 1 && *g->a->name ? MATCH_NAME : MATCH_ORDER;
}

/* Matches what is between two certain matches, in order, if they are related. */
static void match_by_order(struct matches *ms, struct match_group g)
{
	for (size_t i = 0, j = 0; i < g.n && j < g.m;) {
		if (g.a[i].taken)
			i++;
		else if (g.b[j].taken)
			j++;
		else if (related(ms, &g.a[i], &g.b[j]))
			pair(ms, &g.a[i++], &g.b[j++], g.by);
		else if (g.a[i].region->attr.offset < g.b[j].region->attr.offset)
			i++;
		else
			j++;
	}
}

static size_t next_in_order(const struct unmatched *list, size_t at, size_t n)
{
	while (at < n && !list[at].in_order)
		at++;
	return at;
}

/* Matches what is between those that match_table has taken. */
static void match_between(struct matches *ms, const struct match_group *g)
{
	for (size_t i = 0, j = 0; i < g->n && j < g->m;) {
		size_t to_a = next_in_order(g->a, i, g->n), to_b = next_in_order(g->b, j, g->m);

		match_by_order(ms, (struct match_group){ g->a + i, g->b + j, to_a - i, to_b - j, g->by });
		i = to_a + 1;
		j = to_b + 1;
	}
}

/* The longest common sequence, from a table of lengths of what remains. */
static void match_table(struct matches *ms, const struct match_group *g)
{
	size_t n = g->n, m = g->m, i, j;
	uint32_t *length = mem_zalloc((n + 1) * (m + 1) * sizeof *length);

	for (i = n; i--;)
		for (j = m; j--;) {
			uint32_t down = length[(i + 1) * (m + 1) + j], right = length[i * (m + 1) + j + 1];
			uint32_t both =
			    same(ms, &g->a[i], &g->b[j]) ? length[(i + 1) * (m + 1) + j + 1] + 1 : 0;
			uint32_t best = max(down, right);

			length[i * (m + 1) + j] = max(both, best);
		}
	for (i = j = 0; i < n && j < m;) {
		uint32_t here = length[i * (m + 1) + j];

		if (same(ms, &g->a[i], &g->b[j]) && here == length[(i + 1) * (m + 1) + j + 1] + 1)
			pair(ms, &g->a[i++], &g->b[j++], g->by);
		else if (here == length[(i + 1) * (m + 1) + j])
			i++;
		else
			j++;
	}
	free(length);
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = size_of(*(struct unmatched *const *)a), y = size_of(*(struct unmatched *const *)b);

	return x < y ? -1 : x > y;
}

/* Where those begin that are larger than the one at `at`. */
static size_t size_end(struct unmatched *const *list, size_t at, size_t n)
{
	size_t end = at + 1;

	while (end < n && size_of(list[end]) == size_of(list[at]))
		end++;
	return end;
}

static struct unmatched **sorted_by_size(struct unmatched *list, size_t n)
{
	struct unmatched **sorted = mem_alloc((n + 1) * sizeof *sorted);

	for (size_t i = 0; i < n; i++)
		sorted[i] = &list[i];
	qsort(sorted, n, sizeof *sorted, by_size);
	return sorted;
}

/* Matches those whose size and rights only one region of the group has on each side. */
static void match_lone_sizes(struct matches *ms, const struct match_group *g)
{
	struct unmatched **a = sorted_by_size(g->a, g->n), **b = sorted_by_size(g->b, g->m);

	for (size_t i = 0, j = 0; i < g->n && j < g->m;) {
		int order = by_size(&a[i], &b[j]);
		size_t to_a = order <= 0 ? size_end(a, i, g->n) : i;
		size_t to_b = order >= 0 ? size_end(b, j, g->m) : j;

		if (order == 0 && to_a - i == 1 && to_b - j == 1 && !a[i]->taken && !b[j]->taken &&
		    a[i]->region->attr.perms == b[j]->region->attr.perms)
			pair(ms, a[i], b[j], MATCH_SIZE);
		i = to_a;
		j = to_b;
	}
	free(a);
	free(b);
}

static void match_in_group(struct matches *ms, struct match_group g)
{
	const struct match_group whole = g;

	/* from the top: the oldest mappings are there */
	while (g.n && g.m && same(ms, &g.a[g.n - 1], &g.b[g.m - 1]))
		pair(ms, &g.a[--g.n], &g.b[--g.m], g.by);
	while (g.n && g.m && same(ms, g.a, g.b)) {
		pair(ms, g.a++, g.b++, g.by);
		g.n--;
		g.m--;
	}
	if (!g.n || !g.m)
		return;
	if (g.n < TABLE_MAX / (g.m + 1))
		match_table(ms, &g);
	if (!of_file(g.a->region))
		match_lone_sizes(ms, &whole);
	match_between(ms, &g);
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

/* The list is sorted by group. */
static void note_lone_names(struct unmatched_list *items)
{
	for (size_t i = 0; i < items->count; i++) {
		struct unmatched *u = &items->list[i];

		u->lone = *u->name && !of_file(u->region) && (i == 0 || strcmp(u[-1].name, u->name) != 0) &&
			  (i + 1 == items->count || strcmp(u[1].name, u->name) != 0);
	}
}

static void match_by_name(struct matches *ms, struct unmatched_list *a, struct unmatched_list *b, bool strict)
{
	sort_rest(a, strict);
	sort_rest(b, strict);
	ms->again = !strict;
	if (strict) { /* nothing is taken yet */
		note_lone_names(a);
		note_lone_names(b);
	}
	for (size_t i = 0, j = 0; i < a->count && j < b->count;) {
		int order = compare_names(&a->list[i], &b->list[j], strict);
		size_t to_a = order <= 0 ? group_end(a, i, strict) : i;
		size_t to_b = order >= 0 ? group_end(b, j, strict) : j;

		if (order == 0) {
			struct match_group g = { a->list + i, b->list + j, to_a - i, to_b - j, MATCH_ORDER };

			g.by = said_by(&g);
			match_in_group(ms, g);
		}
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
			add(&all, (struct match){ .a = a.list[i].region });
	for (size_t i = 0; i < b.count; i++)
		if (!b.list[i].taken)
			add(&all, (struct match){ .b = b.list[i].region });
	free(a.list);
	free(b.list);
	*matches = all.list;
	return all.count;
}
