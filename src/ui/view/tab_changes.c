/* Two snapshots and what differs: how many pages went from which state to which, and the
 * regions that changed.
 *
 *    A 00:01.2 → B 00:09.4   15 pages changed
 *    reserved → anon 12   file → copy 3
 *    0x55d2c1f0a000  heap   [heap]      grew by 132K   anon +12  reserved +21
 *    0x7f1200000000  anon               new, 8.0M      reserved +2048 */
#include "ui/view/tabs.h"

#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"
#include "render/page_facts.h"
#include "render/sheet.h"
#include "ui/view/scene.h"
#include "ui/view/tab_changes_compared.h"

#define LEFT 1

static int draw_how_to(struct area a, const struct snapshots *s, const struct press *press)
{
	struct strbuf text = { 0 };
	char clock[24], mark[PRESS_TEXT], compare[PRESS_TEXT];
	press_key(press, compare, "compare");
	if (s->a)
		strbuf_printf(&text,
			      _("A was marked at %s. Let the program go on, then press %s: what changed "
				"between the two moments, page by page, is listed here."),
			      text_clock(clock, s->a_ns), compare);
	else
		strbuf_printf(&text,
			      _("Press %s to mark this moment, let the program go on, press %s to compare: "
				"what changed "
				"in between, page by page, is listed here and shown in the grid."),
			      press_key(press, mark, "mark"), compare);
	int used = area_wrap(a, 0, LEFT, a.columns - LEFT - 1, 4, PEN(INK_DIM), text.text);
	strbuf_fini(&text);
	return used;
}

static int draw_title(struct area a, const struct scene *scene)
{
	const struct snapshots *s = &scene->view->snapshots;
	char from[24], to[24];
	struct pen pen = PEN(INK_STRONG);
	pen.style = STYLE_BOLD;
	int column = area_printf(a, 0, LEFT, PEN(INK_ACCENT), "A %s → B %s   ", text_clock(from, s->a_ns),
				 text_clock(to, s->b ? s->b_ns : scene->now_ns));
	area_printf(
	    a, 0, column, pen,
	    ngettext("%" PRIu64 " page changed", "%" PRIu64 " pages changed", (unsigned long)s->diff.changed),
	    s->diff.changed);
	return 1;
}

struct move {
	enum page_state was, now;
	uint64_t pages;
};

/* The greatest move that is smaller than `below` (by size, then by states). */
static bool next_move(const struct diff *diff, const struct move *below, struct move *out)
{
	bool found = false;
	for (int was = 0; was < PAGE_STATES; was++)
		for (int now = 0; now < PAGE_STATES; now++) {
			uint64_t pages = diff->moves[was][now];
			int order = was * PAGE_STATES + now;
			if (!pages || was == now)
				continue;
			if (below && (pages > below->pages ||
				      (pages == below->pages &&
				       order <= (int)below->was * PAGE_STATES + (int)below->now)))
				continue;
			if (!found || pages > out->pages)
				*out = (struct move){ (enum page_state)was, (enum page_state)now, pages };
			found = true;
		}
	return found;
}

static int move_columns(const struct move *move)
{
	char count[16];
	return text_columns(page_state_name(move->was)) + text_columns(page_state_name(move->now)) + 4 +
	       text_columns(text_count(count, move->pages));
}

static void draw_move(struct area a, int row, int column, const struct move *move)
{
	char count[16];
	column = area_text(a, row, column, PEN(INK_STATE + move->was), page_state_name(move->was));
	column = area_text(a, row, column, PEN(INK_DIM), " → ");
	column = area_text(a, row, column, PEN(INK_STATE + move->now), page_state_name(move->now));
	area_text(a, row, column + 1, PEN(INK_STRONG), text_count(count, move->pages));
}

/* The moves, the greatest first, as many a row as fit. Returns the next row. */
static int draw_moves(struct area a, int row, const struct diff *diff)
{
	struct move move, *before = NULL, last;
	int column = LEFT;
	while (next_move(diff, before, &move)) {
		int columns = move_columns(&move);
		if (column > LEFT && column + columns >= a.columns) {
			row++;
			column = LEFT;
		}
		draw_move(a, row, column, &move);
		column += columns + 3;
		last = move;
		before = &last;
	}
	return before ? row + 1 : row;
}

/* What happened to the region itself: "new, 8.0M", "grew by 132K", "rw-p → r--p". */
static void describe_region(struct strbuf *out, const struct diff_region *d)
{
	char size[16], was[5], now[5];
	strbuf_add(out, "", 0);
	if (!d->a || !d->b) {
		const struct region_attr *attr = d->a ? &d->a->attr : &d->b->attr;
		strbuf_printf(out, d->a ? _("gone, %s") : _("new, %s"),
			      text_size(size, attr->end - attr->start));
		return;
	}
	uint64_t before = d->a->attr.end - d->a->attr.start, after = d->b->attr.end - d->b->attr.start;
	if (after > before)
		strbuf_printf(out, _("grew by %s"), text_size(size, after - before));
	else if (after < before)
		strbuf_printf(out, _("shrank by %s"), text_size(size, before - after));
	else if (d->a->attr.start != d->b->attr.start)
		strbuf_puts(out, _("moved"));
	if (d->a->attr.perms != d->b->attr.perms)
		strbuf_printf(out, "%s%s → %s", out->len ? ", " : "",
			      region_perms_text(was, d->a->attr.perms),
			      region_perms_text(now, d->b->attr.perms));
}

/* "anon +12  reserved -12": the region's census, where it differs. */
static int draw_census(struct area a, int row, int column, const struct diff_region *d)
{
	char count[16];
	for (int state = 1; state < PAGE_STATES; state++) {
		uint64_t was = d->was[state], now = d->now[state];
		if (was == now)
			continue;
		column = area_text(a, row, column, PEN(INK_STATE + state),
				   page_state_name((enum page_state)state));
		column = area_printf(a, row, column, PEN(INK_TEXT), " %c%s  ", now > was ? '+' : '-',
				     text_count(count, now > was ? now - was : was - now));
	}
	return column;
}

static void draw_region(struct area a, int row, const struct snapshots *s, const struct diff_region *d)
{
	const struct region_attr *attr = d->b ? &d->b->attr : &d->a->attr;
	struct strbuf name = { 0 }, what = { 0 };
	const char *raw = region_name(attr);
	text_shown(&name, raw);
	describe_region(&what, d);
	int wide = a.columns >= 100 ? 24 : 12;
	struct pen pen = PEN(!d->b ? INK_GHOST : INK_TEXT);
	int column = area_printf(a, row, LEFT, PEN(INK_DIM), "0x%012" PRIx64 "  ", attr->start);
	column = area_printf(a, row, column, PEN(INK_ACCENT), "%-9s",
			     d->b ? space_region_word(s->b, d->b) : space_region_word(s->a, d->a));
	area_fit(a, row, column, wide - 1, pen, name.text, TEXT_CUT_MIDDLE);
	column += wide;
	if (what.len)
		column = area_printf(a, row, column, PEN(INK_STRONG), "%s   ", what.text);
	if (d->a && d->b && d->changed && !what.len)
		column = area_printf(
		    a, row, column, PEN(INK_DIM),
		    ngettext("%" PRIu64 " page   ", "%" PRIu64 " pages   ", (unsigned long)d->changed),
		    d->changed);
	draw_census(a, row, column, d);
	strbuf_fini(&name);
	strbuf_fini(&what);
}

static int draw_diff(struct area a, const struct scene *scene)
{
	const struct diff *diff = &scene->view->snapshots.diff;
	int row = draw_title(a, scene);
	row = draw_moves(a, row, diff);
	if (!diff->count)
		area_text(a, row++, LEFT, PEN(INK_DIM), _("No regions and no pages differ."));
	for (size_t i = 0; i < diff->count && row < a.rows; i++)
		draw_region(a, row++, &scene->view->snapshots, &diff->regions[i]);
	return row;
}

static int draw(struct area a, const struct scene *scene, const struct tab *tab)
{
	struct sheet sheet;
	sheet_open(&sheet, a, SHEET_ROWS, PEN(INK_TEXT));
	int used = scene->view->snapshots.compared
		       ? draw_diff(sheet.area, scene)
		       : draw_how_to(sheet.area, &scene->view->snapshots, &scene->view->press);
	return sheet_show(&sheet, used, tab->scroll);
}

const struct view_ops tab_changes = {
	.name = N_("changes"),
	.brief = N_("chng"),
	.key = '6',
	.flags = TAB_REGIONS | TAB_SHOWS_COMPARED,
	.draw = draw,
	.draw_compared = tab_changes_draw_compared,
};
