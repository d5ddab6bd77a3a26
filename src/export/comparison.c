/* As text. Without a difference there is only what was left out.
 *
 *   --- one.json  pid 4242  ./demo 64  2026-11-22T10:15:00.123Z
 *   +++ two.json  pid 4250  ./demo 64  2026-11-22T10:15:09.004Z
 *
 *   STATE            A        B
 *   reserved       349      348       -1
 *   anon            22       23       +1
 *
 *  DIFFER   SIZE PERM KIND     NAME
 *       1   1.3M rw-p anon  matched by order
 *           reserved -> anon 1
 *           +0xa000 1  reserved -> anon            (with the pages)
 *     256   1.0M rw-p anon      only in B
 *
 *   left out: 18 pages of files, which came with a neighbour that both touched
 *
 * As JSON (pagescape.diff/1, see pagescape(1)) it has the regions that differ and the counts that are
 * not zero; with pages each region has its runs, those that differ by chance marked as such. */
#include "export/comparison.h"

#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "export/json.h"

struct comparison_table {
	FILE *out;
	const struct comparison *c;
	const struct comparison_options *how;
	struct strbuf row;
	uint64_t moves[PAGE_STATES][PAGE_STATES]; /* of the region being printed */
};

static void end_row(struct comparison_table *t)
{
	struct strbuf cut = { 0 };

	if (t->how->columns)
		text_fit(&cut, t->row.text, t->how->columns, TEXT_CUT_RIGHT, t->how->ascii);
	else
		strbuf_puts(&cut, t->row.text);
	fprintf(t->out, "%s\n", cut.text);
	strbuf_fini(&cut);
	strbuf_clear(&t->row);
}

static void print_side(struct comparison_table *t, const char *mark, const struct comparison_side *side)
{
	strbuf_printf(&t->row, "%s %s  pid %" PRId32 " ", mark, side->shown, side->process->pid);
	for (char **arg = side->process->identity.argv; arg && *arg; arg++) {
		strbuf_puts(&t->row, " ");
		text_printable(&t->row, *arg, strlen(*arg));
	}
	strbuf_puts(&t->row, "  ");
	text_printable(&t->row, side->time, strlen(side->time));
	end_row(t);
}

static void print_states(struct comparison_table *t)
{
	const struct comparison *c = t->c;

	fputc('\n', t->out);
	text_left(&t->row, _("STATE"), 9);
	strbuf_printf(&t->row, " %9s %9s", "A", "B");
	end_row(t);
	for (int state = PAGE_RESERVED; state < PAGE_STATES; state++) {
		if (!c->was[state] && !c->now[state])
			continue;
		strbuf_printf(&t->row, "%-9s %9" PRIu64 " %9" PRIu64, page_state_name((enum page_state)state),
			      c->was[state], c->now[state]);
		if (c->was[state] != c->now[state])
			strbuf_printf(&t->row, " %+9" PRId64, (int64_t)(c->now[state] - c->was[state]));
		end_row(t);
	}
}

static void count_move(void *context, const struct compare_run *run)
{
	struct comparison_table *t = context;

	if (run->chance == COMPARE_REAL)
		t->moves[run->was][run->now] += run->pages;
}

static void add_states(struct comparison_table *t, int was, int now)
{
	if (was != PAGE_NONE)
		strbuf_printf(&t->row, "%s -> ", page_state_name((enum page_state)was));
	strbuf_puts(&t->row, now == PAGE_NONE ? _("not there") : page_state_name((enum page_state)now));
}

static void print_moves(struct comparison_table *t, const struct compare_region *r)
{
	memset(t->moves, 0, sizeof t->moves);
	compare_each_run(t->c, r, count_move, t);
	for (int was = 0; was < PAGE_STATES; was++)
		for (int now = 0; now < PAGE_STATES; now++)
			if (t->moves[was][now]) {
				strbuf_puts(&t->row, "          ");
				add_states(t, was, now);
				strbuf_printf(&t->row, " %" PRIu64, t->moves[was][now]);
				end_row(t);
			}
}

static void print_run(void *context, const struct compare_run *run)
{
	struct comparison_table *t = context;

	if (run->chance != COMPARE_REAL)
		return;
	strbuf_printf(&t->row, "          +0x%" PRIx64 " %" PRIu64 "  ", run->offset << t->c->a->page_shift,
		      run->pages);
	add_states(t, run->was, run->now);
	end_row(t);
}

/* Of "rw-p", and of the word above it. */
static int perm_columns(void)
{
	int title = text_columns(_("PERM"));

	return max(title, 4);
}

/* "  1.3M was 1.0M", "rw-p was r--p" */
static void add_attrs(struct comparison_table *t, const struct compare_region *r)
{
	const struct region_attr *attr = r->b ? &r->b->attr : &r->a->attr, *old = r->a ? &r->a->attr : attr;
	char size[16], perms[5];

	strbuf_printf(&t->row, " %6s ", text_size(size, attr->end - attr->start));
	text_left(&t->row, region_perms_text(perms, attr->perms), perm_columns());
	strbuf_printf(&t->row, " %-8s", region_kind_name(attr->kind));
	if (*attr->path) {
		strbuf_puts(&t->row, " ");
		text_printable(&t->row, attr->path, strlen(attr->path));
	}
	if (!r->a)
		strbuf_puts(&t->row, _("  only in B"));
	if (!r->b)
		strbuf_puts(&t->row, _("  only in A"));
	if (r->attrs & COMPARE_SIZE)
		strbuf_printf(&t->row, _("  A: %s"), text_size(size, old->end - old->start));
	if (r->attrs & COMPARE_PERMS)
		strbuf_printf(&t->row, _("  A: %s"), region_perms_text(perms, old->perms));
	if (r->attrs & COMPARE_KIND)
		strbuf_printf(&t->row, _("  A: %s"), region_kind_name(old->kind));
	if (r->by == MATCH_ORDER)
		strbuf_puts(&t->row, _("  matched by order"));
	if (r->by == MATCH_SIZE)
		strbuf_puts(&t->row, _("  matched by size"));
}

static void text_region(struct comparison_table *t, const struct compare_region *r)
{
	strbuf_printf(&t->row, "%9" PRIu64, r->pages[COMPARE_REAL]);
	add_attrs(t, r);
	end_row(t);
	if (t->how->pages)
		compare_each_run(t->c, r, print_run, t);
	else
		print_moves(t, r);
}

static void text_regions(struct comparison_table *t)
{
	fputc('\n', t->out);
	text_right(&t->row, _("DIFFER"), 9);
	text_right(&t->row, _("SIZE"), 7);
	strbuf_puts(&t->row, " ");
	text_left(&t->row, _("PERM"), perm_columns());
	strbuf_puts(&t->row, " ");
	text_left(&t->row, _("KIND"), 8);
	strbuf_printf(&t->row, " %s", _("NAME"));
	end_row(t);
	for (size_t i = 0; i < t->c->count; i++)
		if (compare_differs(&t->c->regions[i]))
			text_region(t, &t->c->regions[i]);
}

static void print_left_out(struct comparison_table *t)
{
	for (int chance = COMPARE_REAL + 1; chance < COMPARE_CHANCES; chance++) {
		uint64_t pages = t->c->pages[chance];

		if (!pages)
			continue;
		strbuf_printf(&t->row,
			      ngettext("left out: %" PRIu64 " page ", "left out: %" PRIu64 " pages ",
				       (unsigned long)pages),
			      pages);
		strbuf_puts(&t->row, compare_chance_meaning((enum compare_chance)chance));
		end_row(t);
	}
}

void comparison_print_text(FILE *out, const struct comparison *c, const struct comparison_side *a,
			   const struct comparison_side *b, const struct comparison_options *how)
{
	struct comparison_table t = { .out = out, .c = c, .how = how };

	if (c->differing) {
		print_side(&t, "---", a);
		print_side(&t, "+++", b);
		print_states(&t);
		text_regions(&t);
	} else {
		strbuf_puts(&t.row, _("no difference"));
		end_row(&t);
	}
	print_left_out(&t);
	strbuf_fini(&t.row);
}

static json_t *json_census(const uint64_t counts[static PAGE_STATES])
{
	json_t *object = json_object();

	for (int state = PAGE_RESERVED; state < PAGE_STATES; state++)
		if (counts[state])
			json_object_set_new(object, page_state_name((enum page_state)state),
					    json_from_count(counts[state]));
	return object;
}

static json_t *json_side(const struct comparison_side *side, const uint64_t census[static PAGE_STATES])
{
	json_t *object = json_object(), *command = json_array();

	for (char **arg = side->process->identity.argv; arg && *arg; arg++)
		json_array_append_new(command, json_from_text(*arg));
	json_object_set_new(object, "from", json_from_text(side->shown));
	json_object_set_new(object, "pid", json_integer(side->process->pid));
	json_object_set_new(object, "command", command);
	json_object_set_new(object, "time", json_from_text(side->time));
	json_object_set_new(object, "pages", json_census(census));
	return object;
}

static json_t *json_chances(const uint64_t pages[static COMPARE_CHANCES])
{
	json_t *object = json_object();

	for (int chance = COMPARE_REAL + 1; chance < COMPARE_CHANCES; chance++)
		if (pages[chance])
			json_object_set_new(object, compare_chance_name((enum compare_chance)chance),
					    json_from_count(pages[chance]));
	return object;
}

static json_t *json_moves(const struct comparison *c)
{
	json_t *array = json_array();

	for (int was = 0; was < PAGE_STATES; was++)
		for (int now = 0; now < PAGE_STATES; now++)
			if (c->moves[was][now])
				json_array_append_new(
				    array,
				    json_pack("{s:s, s:s, s:o}", "was", page_state_name((enum page_state)was),
					      "now", page_state_name((enum page_state)now), "pages",
					      json_from_count(c->moves[was][now])));
	return array;
}

static json_t *json_region(const struct region *region, const uint64_t census[static PAGE_STATES])
{
	json_t *object;
	char perms[5];

	if (!region)
		return json_null();
	object = json_object();
	json_object_set_new(object, "start", json_from_address(region->attr.start));
	json_object_set_new(object, "end", json_from_address(region->attr.end));
	json_object_set_new(object, "perms", json_string(region_perms_text(perms, region->attr.perms)));
	json_object_set_new(object, "offset", json_from_count(region->attr.offset));
	json_object_set_new(object, "path", json_from_text(region->attr.path));
	json_object_set_new(object, "kind", json_string(region_kind_name(region->attr.kind)));
	json_object_set_new(object, "pages", json_census(census));
	return object;
}

struct run_list {
	json_t *array;
	unsigned shift;
};

static void add_run(void *context, const struct compare_run *run)
{
	struct run_list *list = context;
	json_t *object = json_object();

	json_object_set_new(object, "offset", json_from_address(run->offset << list->shift));
	json_object_set_new(object, "pages", json_from_count(run->pages));
	json_object_set_new(object, "was", json_string(page_state_name(run->was)));
	json_object_set_new(object, "now", json_string(page_state_name(run->now)));
	if (run->was != PAGE_NONE)
		json_object_set_new(object, "a", json_from_address(run->a_page << list->shift));
	if (run->now != PAGE_NONE)
		json_object_set_new(object, "b", json_from_address(run->b_page << list->shift));
	if (run->chance != COMPARE_REAL)
		json_object_set_new(object, "chance", json_string(compare_chance_name(run->chance)));
	json_array_append_new(list->array, object);
}

/* NULL: it has no partner. */
static const char *match_name(enum match_by by)
{
	static const char *const names[MATCH_BYS] = {
		[MATCH_ADDRESS] = "address",
		[MATCH_NAME] = "name",
		[MATCH_ORDER] = "order",
		[MATCH_SIZE] = "size",
	};

	return names[by];
}

static json_t *json_difference(const struct comparison *c, const struct compare_region *r, bool pages)
{
	struct run_list list = { json_array(), c->a->page_shift };
	json_t *object = json_object(), *attrs = json_array();

	json_object_set_new(object, "what", json_string(!r->a ? "new" : !r->b ? "gone" : "changed"));
	json_object_set_new(object, "a", json_region(r->a, r->was));
	json_object_set_new(object, "b", json_region(r->b, r->now));
	if (r->attrs & COMPARE_SIZE)
		json_array_append_new(attrs, json_string("size"));
	if (r->attrs & COMPARE_PERMS)
		json_array_append_new(attrs, json_string("perms"));
	if (r->attrs & COMPARE_KIND)
		json_array_append_new(attrs, json_string("kind"));
	if (match_name(r->by))
		json_object_set_new(object, "matched_by", json_string(match_name(r->by)));
	json_object_set_new(object, "attributes", attrs);
	json_object_set_new(object, "changed", json_from_count(r->pages[COMPARE_REAL]));
	json_object_set_new(object, "chance", json_chances(r->pages));
	if (pages) {
		compare_each_run(c, r, add_run, &list);
		json_object_set(object, "runs", list.array);
	}
	json_decref(list.array);
	return object;
}

void comparison_print_json(FILE *out, const struct comparison *c, const struct comparison_side *a,
			   const struct comparison_side *b, const struct comparison_options *how)
{
	json_t *head = json_object();
	const char *separator = "";

	json_object_set_new(head, "schema", json_string("pagescape.diff/1"));
	json_object_set_new(head, "a", json_side(a, c->was));
	json_object_set_new(head, "b", json_side(b, c->now));
	json_object_set_new(head, "page_size", json_from_count(UINT64_C(1) << c->a->page_shift));
	json_object_set_new(head, "matched_by", json_string(c->same_layout ? "address" : "identity"));
	json_object_set_new(head, "differ", json_boolean(c->differing));
	json_object_set_new(head, "changed", json_from_count(c->pages[COMPARE_REAL]));
	json_object_set_new(head, "chance", json_chances(c->pages));
	json_object_set_new(head, "moves", json_moves(c));
	fputc('{', out);
	json_print(out, head, JSON_EMBED | JSON_PRESERVE_ORDER);
	fputs(", \"regions\": [", out);
	for (size_t i = 0; i < c->count; i++) {
		json_t *region;

		if (!compare_differs(&c->regions[i]))
			continue;
		region = json_difference(c, &c->regions[i], how->pages);
		fprintf(out, "%s\n", separator);
		json_print(out, region, JSON_PRESERVE_ORDER);
		separator = ",";
	}
	fputs("\n]}\n", out);
}
