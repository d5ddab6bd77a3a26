/* A comparison as text. Without a difference there is nothing but what was left out.
 *
 *   --- one.json  pid 4242  ./demo 64  2026-11-22T10:15:00.123Z
 *   +++ two.json  pid 4250  ./demo 64  2026-11-22T10:15:09.004Z
 *
 *   STATE            A        B
 *   reserved       349      348       -1
 *   anon            22       23       +1
 *
 *   PAGES   SIZE PERM KIND     NAME
 *       1   1.3M rw-p anon
 *           reserved -> anon 1
 *           +0xa000 1  reserved -> anon            (with the pages)
 *     256   1.0M rw-p anon      new
 *
 *   left out: 18 pages of files, that came with a neighbour that both touched */
#include "export/compare_print.h"

#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

struct table {
	FILE *out;
	const struct comparison *c;
	const struct compare_print *how;
	struct strbuf row;
	uint64_t moves[PAGE_STATES][PAGE_STATES]; /* of the region being printed */
};

static void end_row(struct table *t)
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

static void print_side(struct table *t, const char *mark, const struct compare_side *side)
{
	strbuf_printf(&t->row, "%s %s  pid %" PRId32 " ", mark, side->shown, side->process->pid);
	for (char **arg = side->process->argv; arg && *arg; arg++) {
		strbuf_puts(&t->row, " ");
		text_printable(&t->row, *arg, strlen(*arg));
	}
	strbuf_puts(&t->row, "  ");
	text_printable(&t->row, side->time, strlen(side->time));
	end_row(t);
}

static void print_states(struct table *t)
{
	const struct comparison *c = t->c;

	strbuf_printf(&t->row, "\n%-9s %9s %9s", _("STATE"), "A", "B");
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
	struct table *t = context;

	if (run->chance == COMPARE_REAL)
		t->moves[run->was][run->now] += run->pages;
}

static void add_states(struct table *t, int was, int now)
{
	if (was != PAGE_NONE)
		strbuf_printf(&t->row, "%s -> ", page_state_name((enum page_state)was));
	strbuf_puts(&t->row, now == PAGE_NONE ? _("not there") : page_state_name((enum page_state)now));
}

static void print_moves(struct table *t, const struct compare_region *r)
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
	struct table *t = context;

	if (run->chance != COMPARE_REAL)
		return;
	strbuf_printf(&t->row, "          +0x%" PRIx64 " %" PRIu64 "  ", run->offset << t->c->a->page_shift,
		      run->pages);
	add_states(t, run->was, run->now);
	end_row(t);
}

/* "  1.3M was 1.0M", "rw-p was r--p" */
static void add_attrs(struct table *t, const struct compare_region *r)
{
	const struct region_attr *attr = r->b ? &r->b->attr : &r->a->attr, *old = r->a ? &r->a->attr : attr;
	char size[16], perms[5];

	strbuf_printf(&t->row, " %6s %s %-8s", text_size(size, attr->end - attr->start),
		      region_perms_text(perms, attr->perms), region_kind_name(attr->kind));
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
}

static void print_region(struct table *t, const struct compare_region *r)
{
	strbuf_printf(&t->row, "%9" PRIu64, r->pages[COMPARE_REAL]);
	add_attrs(t, r);
	end_row(t);
	if (t->how->pages)
		compare_each_run(t->c, r, print_run, t);
	else
		print_moves(t, r);
}

static void print_regions(struct table *t)
{
	strbuf_printf(&t->row, "\n%9s %6s %s %-8s %s", _("PAGES"), _("SIZE"), _("PERM"), _("KIND"),
		      _("NAME"));
	end_row(t);
	for (size_t i = 0; i < t->c->count; i++)
		if (compare_differs(&t->c->regions[i]))
			print_region(t, &t->c->regions[i]);
}

static void print_left_out(struct table *t)
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

void compare_print_text(FILE *out, const struct comparison *c, const struct compare_side *a,
			const struct compare_side *b, const struct compare_print *how)
{
	struct table t = { .out = out, .c = c, .how = how };

	if (c->differing) {
		print_side(&t, "---", a);
		print_side(&t, "+++", b);
		print_states(&t);
		print_regions(&t);
	} else {
		strbuf_puts(&t.row, _("no difference"));
		end_row(&t);
	}
	print_left_out(&t);
	strbuf_fini(&t.row);
}
