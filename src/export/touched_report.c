/* As text:
 *
 *   --- one.pgs
 *   +++ two.pgs
 *
 *   ALIKE  EITHER    BOTH  ONLY A  ONLY B  WHAT
 *   94.1%      17      16       0       1  /usr/bin/sort
 *                                          only B: +0x5000 1
 *   ...
 *   96.0%     150     144       2       4  all that can be compared
 *
 *   stacks and memory without a name are not compared: 812 faults in A, 799 in B
 *
 * EITHER counts the pages that at least one of them touched, BOTH those of these that were in memory in both:
 * a page that came along with a neighbour does not fault when it is touched. ALIKE is BOTH divided by EITHER,
 * the Jaccard index. */
#include "export/touched_report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "export/json.h"

struct touched_report {
	const struct touched_side *a, *b;
	struct touched_alike *list; /* the least alike first */
	size_t count;
	struct touched_alike all;
	uint64_t unnamed_a, unnamed_b; /* faults in memory that cannot be compared */
};

static void add(struct touched_report *r, const struct touched_object *a, const struct touched_object *b)
{
	struct touched_alike alike = touched_compare(a, b);

	if (!alike.either)
		return;
	r->list[r->count++] = alike;
	r->all.either += alike.either;
	r->all.both += alike.both;
	r->all.only_a += alike.only_a;
	r->all.only_b += alike.only_b;
}

static int compare_lines(const void *a, const void *b)
{
	const struct touched_alike *x = a, *y = b;
	uint64_t m = x->only_a + x->only_b, n = y->only_a + y->only_b;
	const struct touched_object *o = x->a ? x->a : x->b, *other = y->a ? y->a : y->b;

	if (m != n)
		return m < n ? 1 : -1;
	if (x->either != y->either)
		return x->either < y->either ? 1 : -1;
	return strcmp(o->path, other->path);
}

static struct touched_report make(const struct touched_side *a, const struct touched_side *b)
{
	struct touched_report r = { .a = a, .b = b };

	r.list = mem_alloc((a->touched->count + b->touched->count + 1) * sizeof *r.list);
	for (size_t i = 0; i < a->touched->count; i++) {
		const struct touched_object *o = &a->touched->objects[i];

		if (o->named)
			add(&r, o, touched_same(b->touched, o));
		else
			r.unnamed_a += o->hows[TOUCHED_FAULT];
	}
	for (size_t i = 0; i < b->touched->count; i++) {
		const struct touched_object *o = &b->touched->objects[i];

		if (o->named && !touched_same(a->touched, o))
			add(&r, NULL, o);
		else if (!o->named)
			r.unnamed_b += o->hows[TOUCHED_FAULT];
	}
	if (r.count > 1)
		qsort(r.list, r.count, sizeof *r.list, compare_lines);
	return r;
}

/* --- the pages that only one of them needs --- */

static int compare_pages(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* In order; returns how many. The caller frees *pages. */
static size_t only(const struct touched_object *o, const struct touched_object *other, uint64_t **pages)
{
	size_t n = 0;

	*pages = mem_alloc(((o ? o->count : 0) + 1) * sizeof **pages);
	for (size_t i = 0; o && i < o->count; i++)
		if (o->pages[i].how == TOUCHED_FAULT && !(other && touched_find(other, o->pages[i].page)))
			(*pages)[n++] = o->pages[i].page;
	if (n > 1)
		qsort(*pages, n, sizeof **pages, compare_pages);
	return n;
}

/* Calls take for each stretch of neighbours. */
static void each_stretch(const uint64_t *pages, size_t n, void (*take)(void *, uint64_t, uint64_t),
			 void *context)
{
	size_t end;

	for (size_t i = 0; i < n; i = end) {
		for (end = i + 1; end < n && pages[end] == pages[i] + (end - i); end++)
			;
		take(context, pages[i], end - i);
	}
}

/* --- as text --- */

struct text_run {
	FILE *out;
	uint64_t page_size;
};

static void print_stretch(void *context, uint64_t page, uint64_t count)
{
	const struct text_run *run = context;

	fprintf(run->out, " +0x%" PRIx64 " %" PRIu64, page * run->page_size, count);
}

static void print_only(const struct touched_report *r, FILE *out, const char *label,
		       const struct touched_object *o, const struct touched_object *other)
{
	struct text_run run = { out, r->a->touched->page_size };
	uint64_t *pages;
	size_t n = only(o, other, &pages);

	if (n) {
		fprintf(out, "%41s%s:", "", label);
		each_stretch(pages, n, print_stretch, &run);
		fputc('\n', out);
	}
	free(pages);
}

/* "/usr/lib/libc.so.6", "bss of /usr/bin/sort", "[heap]" */
static void add_what(struct strbuf *out, const struct touched_object *o)
{
	if (o->kind == REGION_BSS)
		strbuf_puts(out, _("bss of "));
	if (*o->path)
		text_printable(out, o->path, strlen(o->path));
	else
		strbuf_puts(out, region_kind_name(o->kind));
}

static void print_line(FILE *out, const struct touched_alike *alike, const char *what)
{
	fprintf(out, "%5.1f%% %7" PRIu64 " %7" PRIu64 " %7" PRIu64 " %7" PRIu64 "  %s\n",
		100.0 * (double)alike->both / (double)alike->either, alike->either, alike->both,
		alike->only_a, alike->only_b, what);
}

static void print_titles(FILE *out)
{
	const char *const titles[] = { _("EITHER"), _("BOTH"), _("ONLY A"), _("ONLY B") };
	struct strbuf line = { 0 };

	text_right(&line, _("ALIKE"), 6);
	for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
		text_right(&line, titles[i], 8);
	fprintf(out, "%s  %s\n", line.text, _("WHAT"));
	strbuf_fini(&line);
}

bool touched_report_text(FILE *out, const struct touched_side *a, const struct touched_side *b, bool pages)
{
	struct touched_report r = make(a, b);
	struct strbuf what = { 0 };

	fprintf(out, "--- %s\n+++ %s\n\n", a->shown, b->shown);
	print_titles(out);
	for (size_t i = 0; i < r.count; i++) {
		strbuf_clear(&what);
		add_what(&what, r.list[i].a ? r.list[i].a : r.list[i].b);
		print_line(out, &r.list[i], what.text);
		if (pages) {
			print_only(&r, out, _("only A"), r.list[i].a, r.list[i].b);
			print_only(&r, out, _("only B"), r.list[i].b, r.list[i].a);
		}
	}
	if (r.all.either)
		print_line(out, &r.all, _("all that can be compared"));
	if (r.unnamed_a || r.unnamed_b)
		fprintf(out,
			ngettext("\nstacks and memory without a name are not compared: %" PRIu64
				 " fault in A, %" PRIu64 " in B\n",
				 "\nstacks and memory without a name are not compared: %" PRIu64
				 " faults in A, %" PRIu64 " in B\n",
				 (unsigned long)r.unnamed_a),
			r.unnamed_a, r.unnamed_b);
	strbuf_fini(&what);
	free(r.list);
	return r.all.only_a || r.all.only_b;
}

/* --- as JSON --- */

struct json_run {
	json_t *list;
	uint64_t page_size;
};

static void json_stretch(void *context, uint64_t page, uint64_t count)
{
	const struct json_run *run = context;
	json_t *stretch = json_object();

	json_object_set_new(stretch, "offset", json_from_count(page * run->page_size));
	json_object_set_new(stretch, "pages", json_from_count(count));
	json_array_append_new(run->list, stretch);
}

static json_t *json_only(const struct touched_report *r, const struct touched_object *o,
			 const struct touched_object *other)
{
	struct json_run run = { json_array(), r->a->touched->page_size };
	uint64_t *pages;
	size_t n = only(o, other, &pages);

	each_stretch(pages, n, json_stretch, &run);
	free(pages);
	return run.list;
}

static void json_figures(json_t *object, const struct touched_alike *alike)
{
	json_object_set_new(object, "either", json_from_count(alike->either));
	json_object_set_new(object, "both", json_from_count(alike->both));
	json_object_set_new(object, "only_a", json_from_count(alike->only_a));
	json_object_set_new(object, "only_b", json_from_count(alike->only_b));
	json_object_set_new(object, "alike",
			    alike->either ? json_real((double)alike->both / (double)alike->either)
					  : json_null());
}

static json_t *json_line(const struct touched_report *r, const struct touched_alike *alike, bool pages)
{
	const struct touched_object *o = alike->a ? alike->a : alike->b;
	json_t *object = json_object();

	json_object_set_new(object, "kind", json_string(region_kind_name(o->kind)));
	json_object_set_new(object, "path", json_from_text(o->path));
	json_figures(object, alike);
	if (pages) {
		json_object_set_new(object, "pages_only_a", json_only(r, alike->a, alike->b));
		json_object_set_new(object, "pages_only_b", json_only(r, alike->b, alike->a));
	}
	return object;
}

bool touched_report_json(FILE *out, const struct touched_side *a, const struct touched_side *b, bool pages)
{
	struct touched_report r = make(a, b);
	json_t *head = json_object(), *all = json_object(), *unnamed = json_object();

	json_object_set_new(head, "schema", json_string("pagescape.touched/1"));
	json_object_set_new(head, "a", json_from_text(a->shown));
	json_object_set_new(head, "b", json_from_text(b->shown));
	json_object_set_new(head, "page_size", json_from_count(a->touched->page_size));
	json_figures(all, &r.all);
	json_object_set_new(head, "all", all);
	json_object_set_new(unnamed, "faults_a", json_from_count(r.unnamed_a));
	json_object_set_new(unnamed, "faults_b", json_from_count(r.unnamed_b));
	json_object_set_new(head, "unnamed", unnamed);
	fputc('{', out);
	json_print(out, head, JSON_EMBED | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(6));
	fputs(", \"regions\": [", out);
	for (size_t i = 0; i < r.count; i++) {
		fputs(i ? ",\n" : "\n", out);
		json_print(out, json_line(&r, &r.list[i], pages),
			   JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(6));
	}
	fputs("\n]}\n", out);
	free(r.list);
	return r.all.only_a || r.all.only_b;
}
