/* Totals of two processes that are compared: pages by state, what became what, what was left out;
 * beside them the regions, where these have no panel of their own.
 *
 *   STATE            A        B            REGIONS  by difference             7
 *   anon            22       23       +1   ▸ heap  [heap]     132K ━━──  ≠    1
 *   reserved       349      348       -1     text  libc.so.6  1.4M ────  ≈   18
 */
#include "ui/view/tab_changes_compared.h"

#include <inttypes.h>

#include "base/i18n.h"
#include "render/sheet.h"
#include "ui/view/panel.h"
#include "ui/view/scene.h"
#include "ui/view/screen_parts.h"

static int draw_states(struct area a, int row, const struct comparison *c)
{
	area_fit(a, row, 1, 9, PEN(INK_ACCENT), _("STATE"), TEXT_CUT_RIGHT);
	area_printf(a, row++, 11, PEN(INK_ACCENT), "%7s %7s", "A", "B");
	for (int state = PAGE_RESERVED; state < PAGE_STATES; state++) {
		char was[16], now[16];

		if (!c->was[state] && !c->now[state])
			continue;
		area_text(a, row, 1, PEN(INK_STATE + state), page_state_name((enum page_state)state));
		area_printf(a, row, 11, PEN(INK_TEXT), "%7s %7s", text_count(was, c->was[state]),
			    text_count(now, c->now[state]));
		if (c->was[state] != c->now[state])
			area_printf(a, row, 26, PEN(INK_WARN), " %+" PRId64,
				    (int64_t)(c->now[state] - c->was[state]));
		row++;
	}
	return row;
}

/* "reserved -> anon 12" */
static int draw_moves(struct area a, int row, const struct comparison *c)
{
	for (int was = 0; was < PAGE_STATES; was++)
		for (int now = 0; now < PAGE_STATES; now++)
			if (c->moves[was][now])
				area_printf(a, row++, 1, PEN(INK_TEXT), "%s -> %s %" PRIu64,
					    was ? page_state_name((enum page_state)was) : _("not there"),
					    now ? page_state_name((enum page_state)now) : _("not there"),
					    c->moves[was][now]);
	return row;
}

static int draw_left_out(struct area a, int row, const struct comparison *c)
{
	struct strbuf text = { 0 };

	for (int chance = COMPARE_REAL + 1; chance < COMPARE_CHANCES; chance++) {
		if (!c->pages[chance])
			continue;
		strbuf_printf(&text,
			      ngettext("left out: %" PRIu64 " page ", "left out: %" PRIu64 " pages ",
				       (unsigned long)c->pages[chance]),
			      c->pages[chance]);
		strbuf_puts(&text, compare_chance_meaning((enum compare_chance)chance));
		row += area_wrap(a, row, 1, a.columns - 2, 4, PEN(INK_DIM), text.text);
		strbuf_clear(&text);
	}
	strbuf_fini(&text);
	return row;
}

int tab_changes_draw_compared(struct area a, const struct scene *scene, const struct tab *tab)
{
	const struct comparison *c = &scene_aligned(scene)->comparison;
	const struct view *v = scene->view;
	struct screen_parts parts;
	struct sheet sheet;
	int width = a.columns, row;

	screen_parts(&parts, v);
	if (parts.regions_below) {
		width = parts.regions.column;
		panel_regions(
		    area_part(a, 0, parts.regions.column, parts.regions.rows, parts.regions.columns),
		    scene->list, v->regions.top, v->regions.at, v->focus == VIEW_FOCUS_REGIONS);
	}
	if (!width)
		return 0;
	sheet_open(&sheet, area_part(a, 0, 0, a.rows, width), SHEET_ROWS, PEN(INK_TEXT));
	row = draw_states(sheet.area, 0, c);
	row = draw_moves(sheet.area, row, c);
	row = draw_left_out(sheet.area, row, c);
	return sheet_show(&sheet, row, tab->scroll);
}
