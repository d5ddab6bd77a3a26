/* The line at the top where two are compared: how much differs, and how much was left out.
 *
 *  pagescape diff  ./demo 64   12 pages differ in 3 regions   left out 18 pages
 */
#include "ui/view/panel.h"

#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"
#include "base/strbuf.h"

#define BAR(ink) PEN_ON(ink, PAPER_BAR)
#define APART 3

/* The program; both where they differ. */
static void add_programs(struct strbuf *out, const struct aligned *al)
{
	const char *before = NULL;

	for (int side = 0; side < ALIGNED_SIDES; side++) {
		const struct process *p = al->pictures[side].process;
		const char *name = p->identity.argv && p->identity.argv[0] ? p->identity.argv[0]
				   : p->identity.comm                      ? p->identity.comm
									   : "";

		if (before && !strcmp(before, name))
			continue;
		strbuf_puts(out, before ? " | " : "");
		text_shown(out, name);
		before = name;
	}
}

static void add_difference(struct strbuf *out, const struct comparison *c)
{
	if (!c->differing) {
		strbuf_puts(out, _("no difference"));
		return;
	}
	strbuf_printf(out,
		      ngettext("%" PRIu64 " page differs", "%" PRIu64 " pages differ",
			       (unsigned long)c->pages[COMPARE_REAL]),
		      c->pages[COMPARE_REAL]);
	strbuf_printf(out, ngettext(" in %zu region", " in %zu regions", (unsigned long)c->differing),
		      c->differing);
}

static void add_left_out(struct strbuf *out, const struct comparison *c)
{
	uint64_t pages = 0;

	for (int chance = COMPARE_REAL + 1; chance < COMPARE_CHANCES; chance++)
		pages += c->pages[chance];
	if (pages)
		strbuf_printf(
		    out,
		    ngettext("left out %" PRIu64 " page", "left out %" PRIu64 " pages", (unsigned long)pages),
		    pages);
}

void panel_header_compared(struct area a, const struct aligned *al)
{
	struct strbuf programs = { 0 }, differ = { 0 }, left_out = { 0 };
	int column, room;

	area_fill(a, BAR(INK_TEXT));
	add_programs(&programs, al);
	add_difference(&differ, &al->comparison);
	strbuf_puts(&left_out, "");
	add_left_out(&left_out, &al->comparison);
	column = area_text(a, 0, 1, BAR(INK_TITLE), a.columns >= 60 ? "pagescape diff" : "diff") + 2;
	room = a.columns - column - APART - text_columns(differ.text);
	column =
	    area_fit(a, 0, column, room > 8 ? room : 0, BAR(INK_TEXT), programs.text, TEXT_CUT_LEFT) + APART;
	column =
	    area_text(a, 0, column, BAR(al->comparison.differing ? INK_WARN : INK_GOOD), differ.text) + APART;
	if (column + text_columns(left_out.text) < a.columns)
		area_text(a, 0, column, BAR(INK_DIM), left_out.text);
	strbuf_fini(&programs);
	strbuf_fini(&differ);
	strbuf_fini(&left_out);
}
