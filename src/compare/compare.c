/* Page by page along each region, in ranges: what each side has, and whether a difference is real.
 *
 * Two runs of one program differ in more than what they did. What differs by chance is recognised by what
 * must hold if both did the same:
 *
 * - A fault on a page of a file maps those of its neighbours that the page cache holds, in a
 *   window of 64 KiB aligned by *address*; and files lie at random addresses. So the pages that
 *   are mapped on one side alone are by chance if their window has a page that is mapped on
 *   both: one that both may have touched.
 *
 *       touched by both        |       t       |                |
 *       a, windows of a        [. . . ###t####][. . . . . . . .]
 *       b, windows of b     . .][. ##t########][. . . . . . . .]
 *
 *   A window without a common page was touched by one alone: that is real. (The kernel cuts the
 *   first window at the region's beginning and makes up for it at its end.)
 *
 * - The stack begins up to 8 KiB below the top, at random. So where a page of it is there on
 *   one side, there is one on the other within that distance.
 *
 * Differences within these distances may be chance, and are not shown. */
#include "compare/compare.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"

#define AROUND_BYTES 65536u /* the kernel's default for fault_around_bytes */
#define STACK_BYTES 8192u   /* x86: arch_align_stack takes a random number below it */

static const struct {
	const char *name, *meaning;
} chances[COMPARE_CHANCES] = {
	[COMPARE_REAL] = { "real", N_("differ") },
	[COMPARE_AROUND] = { "fault_around", N_("of files, which came with a neighbour that both touched") },
	[COMPARE_STACK] = { "stack_start", N_("of the stack, which begins at random") },
	[COMPARE_CACHE] = { "page_cache", N_("that differ only in the page cache") },
	[COMPARE_UNKNOWN] = { "unknown", N_("that are unknown on one side") },
};

const char *compare_chance_name(enum compare_chance chance)
{
	return chances[chance].name;
}

const char *compare_chance_meaning(enum compare_chance chance)
{
	return _(chances[chance].meaning);
}

/* One region: its pieces are being read. */
struct piece_reader {
	const struct comparison *c;
	const struct compare_region *r;
	void (*take)(void *, const struct compare_run *);
	void *context;
	struct compare_run last; /* not passed on yet; pages 0: none */
};

/* A range in which both words stay the same. */
struct piece {
	uint64_t a_page, b_page, pages;
	uint32_t was, now;
};

/* Pages where a region counts: with the same layout, whatever is at the address. */
struct counted_pages {
	int64_t first, end;
};

static struct counted_pages bounds_of(const struct piece_reader *w, const struct space *s,
				      const struct region *r)
{
	if (w->c->same_layout)
		return (struct counted_pages){ 0, (int64_t)RUNS_END };
	if (!r)
		return (struct counted_pages){ 0, 0 };
	return (struct counted_pages){ (int64_t)region_first(s, r), (int64_t)region_end(s, r) };
}

/* The word of a page, and how many pages from it on have it; at most *pages. */
static uint32_t word_at(const struct space *s, struct counted_pages in, uint64_t page, uint64_t *pages)
{
	int64_t at = (int64_t)page;
	uint64_t until = *pages;
	uint32_t word = PAGE_NONE;

	if (at < in.first) {
		until = (uint64_t)(in.first - at);
	} else if (at < in.end) {
		struct run run = runs_at(s->pages, page);

		word = run.value;
		until = min(run.end, (uint64_t)in.end) - page;
	}
	if (until < *pages)
		*pages = until;
	return word;
}

static bool is_there(uint32_t word)
{
	return page_state_mapped(page_state(word));
}

static bool is_promise(enum page_state s)
{
	return page_state_untouched(s);
}

static bool both_there(const struct piece_reader *w, uint64_t a_page, uint64_t b_page)
{
	uint64_t one = 1;

	return is_there(word_at(w->c->a, bounds_of(w, w->c->a, w->r->a), a_page, &one)) &&
	       is_there(word_at(w->c->b, bounds_of(w, w->c->b, w->r->b), b_page, &one));
}

static void flush(struct piece_reader *w)
{
	if (w->last.pages)
		w->take(w->context, &w->last);
	w->last.pages = 0;
}

/* Passes on the first `pages` of a piece, joined to what came before if it continues that, and removes them
 * from it. */
static void emit(struct piece_reader *w, struct piece *p, uint64_t pages, enum compare_chance chance)
{
	struct compare_run *last = &w->last;
	enum page_state was = page_state(p->was), now = page_state(p->now);
	bool in_a = !w->r->b || (w->r->a && now == PAGE_NONE);
	uint64_t offset =
	    in_a ? p->a_page - region_first(w->c->a, w->r->a) : p->b_page - region_first(w->c->b, w->r->b);

	if (last->pages && last->was == was && last->now == now && last->chance == chance &&
	    last->offset + last->pages == offset) {
		last->pages += pages;
	} else {
		flush(w);
		*last = (struct compare_run){ offset, p->a_page, p->b_page, pages, was, now, chance };
	}
	p->a_page += pages;
	p->b_page += pages;
	p->pages -= pages;
}

/* Is any of these pages of the one side also there on the other? */
static bool any_common(const struct piece_reader *w, bool in_a, uint64_t first, uint64_t end)
{
	for (uint64_t page = first; page < end; page++)
		if (in_a ? both_there(w, page, page + w->r->ahead) : both_there(w, page - w->r->ahead, page))
			return true;
	return false;
}

/* A file's pages that are mapped on one side: window by window of that side. The first one begins with the
 * region and is as long as the others, so it overlaps the second. */
static void emit_file(struct piece_reader *w, struct piece *p)
{
	uint64_t window = AROUND_BYTES >> w->c->a->page_shift ? AROUND_BYTES >> w->c->a->page_shift : 1;
	bool in_a = is_there(p->was);
	const struct space *s = in_a ? w->c->a : w->c->b;
	const struct region *r = in_a ? w->r->a : w->r->b;
	uint64_t start = region_first(s, r), region_stop = region_end(s, r);
	uint64_t stretch = in_a ? p->a_page : p->b_page, stretch_end = stretch + p->pages;

	while (p->pages) {
		uint64_t at = in_a ? p->a_page : p->b_page, first = at / window * window,
			 end = first + window;
		uint64_t second = start / window * window + window; /* where the second one begins */
		uint64_t stop = at < start + window && end > start + window ? start + window : end;
		uint64_t pages = min(stop - at, p->pages);
		bool common = at < start + window && any_common(w, in_a, start, min(second, region_stop));

		first = max(first, start);
		end = min(end, region_stop);
		/* a window that lies wholly in the range has nothing in common */
		if (!common && (first < stretch || end > stretch_end))
			common = any_common(w, in_a, first, end);
		emit(w, p, pages, common ? COMPARE_AROUND : COMPARE_REAL);
	}
}

/* Pages of the stack that are there on one side: is there one on the other, near enough? */
static void emit_stack(struct piece_reader *w, struct piece *p)
{
	uint64_t slack = STACK_BYTES >> w->c->a->page_shift ? STACK_BYTES >> w->c->a->page_shift : 1;
	bool in_a = is_there(p->was);
	const struct space *other = in_a ? w->c->b : w->c->a;
	struct counted_pages bounds = bounds_of(w, other, in_a ? w->r->b : w->r->a);

	for (uint64_t done = 0; p->pages;) {
		uint64_t at = in_a ? p->b_page : p->a_page, one = 1;
		bool near = false;

		if (done >= slack && p->pages > slack) { /* too far from both ends */
			done += p->pages - slack;
			emit(w, p, p->pages - slack, COMPARE_REAL);
			continue;
		}
		for (uint64_t page = at - slack; page != at + slack + 1 && !near; page++)
			near = is_there(word_at(other, bounds, page, &one));
		emit(w, p, 1, near ? COMPARE_STACK : COMPARE_REAL);
		done++;
	}
}

/* Judges a difference of a whole piece; REAL, AROUND and STACK are examined further. */
static enum compare_chance chance_of(const struct piece_reader *w, enum page_state was, enum page_state now,
				     bool cache_unknown)
{
	const struct compare_region *r = w->r;

	if (was != PAGE_NONE && now != PAGE_NONE && (was == PAGE_UNKNOWN || now == PAGE_UNKNOWN))
		return COMPARE_UNKNOWN;
	if (is_promise(was) && is_promise(now))
		return !w->c->all ? COMPARE_CACHE : cache_unknown ? COMPARE_UNKNOWN : COMPARE_REAL;
	if (w->c->all || w->c->same_layout || !r->a || !r->b)
		return COMPARE_REAL;
	if (r->a->attr.path[0] == '/' &&
	    ((page_state_of_file(was) && is_promise(now)) || (page_state_of_file(now) && is_promise(was))))
		return COMPARE_AROUND;
	if (r->a->attr.kind == REGION_STACK &&
	    (is_promise(was) || was == PAGE_NONE || page_state_private(was)) &&
	    (is_promise(now) || now == PAGE_NONE || page_state_private(now)))
		return COMPARE_STACK;
	return COMPARE_REAL;
}

static void take_piece(struct piece_reader *w, struct piece p)
{
	enum page_state was = page_state(p.was), now = page_state(p.now);
	enum compare_chance chance;

	if (was == now)
		return;
	chance = chance_of(w, was, now, (p.was | p.now) & PAGE_CACHE_UNKNOWN);
	if (chance == COMPARE_AROUND)
		emit_file(w, &p);
	else if (chance == COMPARE_STACK && is_there(p.was) != is_there(p.now))
		emit_stack(w, &p);
	else
		emit(w, &p, p.pages, chance);
}

/* Pages [first, end) of b, and their counterparts in a. */
static void read_both(struct piece_reader *w, uint64_t first, uint64_t end)
{
	struct counted_pages in_a = bounds_of(w, w->c->a, w->r->a), in_b = bounds_of(w, w->c->b, w->r->b);

	while (first < end) {
		struct piece p = { first - w->r->ahead, first, end - first, 0, 0 };

		p.was = word_at(w->c->a, in_a, p.a_page, &p.pages);
		p.now = word_at(w->c->b, in_b, p.b_page, &p.pages);
		take_piece(w, p);
		first += p.pages;
	}
}

/* Pages [first, end) of a that b's region does not have; with the same layout, that no region of b has. */
static void read_a(struct piece_reader *w, int64_t first, int64_t end)
{
	struct counted_pages in_a = bounds_of(w, w->c->a, w->r->a), everywhere = { 0, (int64_t)RUNS_END };

	while (first < end) {
		struct piece p = { (uint64_t)first, (uint64_t)first + w->r->ahead, (uint64_t)(end - first), 0,
				   0 };

		p.was = word_at(w->c->a, in_a, p.a_page, &p.pages);
		if (w->c->same_layout)
			p.now = word_at(w->c->b, everywhere, p.b_page, &p.pages);
		first += (int64_t)p.pages;
		if (page_state(p.now) == PAGE_NONE)
			take_piece(w, p);
	}
}

static void read_region(struct piece_reader *w)
{
	const struct comparison *c = w->c;
	const struct compare_region *r = w->r;
	int64_t a_first = r->a ? (int64_t)region_first(c->a, r->a) : 0;
	int64_t a_end = r->a ? (int64_t)region_end(c->a, r->a) : 0;
	int64_t b_first = r->b ? (int64_t)(region_first(c->b, r->b) - r->ahead) : a_end;
	int64_t b_end = r->b ? (int64_t)(region_end(c->b, r->b) - r->ahead) : a_end;

	if (r->a)
		read_a(w, a_first, min(b_first, a_end));
	if (r->b)
		read_both(w, region_first(c->b, r->b), region_end(c->b, r->b));
	if (r->a)
		read_a(w, max(b_end, a_first), a_end);
	flush(w);
}

void compare_each_run(const struct comparison *c, const struct compare_region *r,
		      void (*take)(void *, const struct compare_run *), void *context)
{
	struct piece_reader w = { .c = c, .r = r, .take = take, .context = context };

	read_region(&w);
}

/* Where a run is counted. */
struct run_counter {
	struct comparison *c;
	struct compare_region *r;
};

static void count_run(void *context, const struct compare_run *run)
{
	struct run_counter *count = context;

	count->r->pages[run->chance] += run->pages;
	count->c->pages[run->chance] += run->pages;
	if (run->chance == COMPARE_REAL)
		count->c->moves[run->was][run->now] += run->pages;
}

bool compare_differs(const struct compare_region *r)
{
	return !r->a || !r->b || r->attrs || r->pages[COMPARE_REAL];
}

/* A stack region is as long as the stack was deep, so its random beginning also changes its size. */
static void forgive_size(const struct comparison *c, struct compare_region *r)
{
	uint64_t a = r->a->attr.end - r->a->attr.start, b = r->b->attr.end - r->b->attr.start;

	if (!c->all && !c->same_layout && r->a->attr.kind == REGION_STACK &&
	    (a > b ? a - b : b - a) <= STACK_BYTES + (UINT64_C(1) << c->a->page_shift))
		r->attrs &= ~(unsigned)COMPARE_SIZE;
}

static uint64_t address_of(const struct compare_region *r)
{
	return r->b ? r->b->attr.start : r->a->attr.start;
}

static int by_address(const void *a, const void *b)
{
	uint64_t x = address_of(a), y = address_of(b);

	return x < y ? -1 : x > y;
}

static unsigned differing_attrs(const struct region_attr *a, const struct region_attr *b)
{
	return (a->end - a->start != b->end - b->start ? COMPARE_SIZE : 0u) |
	       (a->perms != b->perms ? COMPARE_PERMS : 0u) | (a->kind != b->kind ? COMPARE_KIND : 0u);
}

static void add_regions(struct comparison *c)
{
	struct match *matches;

	c->count = match_regions(c->a, c->b, &matches);
	c->regions = mem_zalloc((c->count + 1) * sizeof *c->regions);
	for (size_t i = 0; i < c->count; i++) {
		struct compare_region *r = &c->regions[i];

		*r = (struct compare_region){
			.a = matches[i].a, .b = matches[i].b, .ahead = matches[i].ahead, .by = matches[i].by
		};
		if (r->a && r->b)
			r->attrs = differing_attrs(&r->a->attr, &r->b->attr);
	}
	free(matches);
	if (c->count)
		qsort(c->regions, c->count, sizeof *c->regions, by_address);
}

void compare_spaces(struct comparison *c, const struct space *a, const struct space *b, bool all)
{
	*c = (struct comparison){ .a = a, .b = b, .all = all, .same_layout = match_same_layout(a, b) };
	space_add_counts(a, c->was);
	space_add_counts(b, c->now);
	add_regions(c);
	for (size_t i = 0; i < c->count; i++) {
		struct compare_region *r = &c->regions[i];
		struct run_counter count = { c, r };

		if (r->a)
			space_add_region_counts(a, r->a, r->was);
		if (r->b)
			space_add_region_counts(b, r->b, r->now);
		if (r->a && r->b)
			forgive_size(c, r);
		compare_each_run(c, r, count_run, &count);
		c->differing += compare_differs(r);
	}
}

void compare_fini(struct comparison *c)
{
	free(c->regions);
	*c = (struct comparison){ 0 };
}
