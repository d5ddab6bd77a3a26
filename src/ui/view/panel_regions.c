/* The regions, a line each: kind, name, size, how much of it is there.
 *
 *  REGIONS  by address                       6
 *  ▸ text    demo          20K ━━───      3/5
 *    heap    [heap]       132K ╾────     3/33
 *
 * All columns but the name's have a fixed width, so that they stand still. */
#include "ui/view/panel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "render/glyph.h"

/* Where the columns are in a panel of so many columns. */
struct regions_columns {
	int kind, kind_width;
	int name, name_width;
	int size, size_width; /* right edge of it is size + size_width */
	int bar, bar_width;
	int ratio, ratio_width; /* 0: no room */
};

/* What differs must be shown in a narrow panel, too: there the bar is left out. */
static struct regions_columns share(int columns, bool compared, bool growth)
{
	struct regions_columns c = {
		.kind = 2, .kind_width = 6, .size_width = 5, .bar_width = 4, .ratio_width = 9
	};
	int at = columns - 1;

	if (columns >= 44) {
		c.kind = 3;
		c.bar_width = 5;
	}
	if (columns >= 52)
		c.kind_width = 8;
	if (compared)
		c.ratio_width = 11;
	if (compared && columns < 44) {
		c.bar_width = c.size_width = 0;
	} else if (growth) {
		c.ratio_width = 7;
		c.bar_width = columns < 38 ? 0 : c.bar_width;
	}
	if (!compared && !growth && columns < 38)
		c.ratio_width = 0;
	c.ratio = at - c.ratio_width;
	c.bar = c.ratio - (c.ratio_width ? 1 : 0) - c.bar_width;
	c.size = c.bar - 1 - c.size_width;
	c.name = c.kind + c.kind_width + 1;
	c.name_width = c.size - 1 - c.name;
	return c;
}

/* A count in at most 4 characters. */
static const char *count4(char buf[static 16], uint64_t count)
{
	char *dot;

	if (count < 10000) {
		snprintf(buf, 16, "%u", (unsigned)count);
		return buf;
	}
	text_count(buf, count);
	dot = strchr(buf, '.');
	if (dot && dot[1])
		memmove(dot, dot + 2, strlen(dot + 2) + 1);
	return buf;
}

/* The resident state that most resident pages have, for the bar's ink. */
static uint8_t resident_ink(const struct region_row *row)
{
	int best = PAGE_NONE;

	for (int s = 0; s < PAGE_STATES; s++)
		if (page_state_resident((enum page_state)s) && row->counts[s] > row->counts[best])
			best = s;
	return (uint8_t)(best == PAGE_NONE ? INK_DIM : INK_STATE + best);
}

/* In place of the share, where the list is sorted by it. */
static void draw_growth(struct area a, int row, const struct regions_columns *c,
			const struct region_rows *list, const struct region_row *r, uint8_t paper)
{
	uint64_t pages = (uint64_t)(r->growth < 0 ? -r->growth : r->growth);
	uint8_t ink = r->growth > 0 ? INK_WARN : r->growth < 0 ? INK_GOOD : INK_DIM;
	char size[16], text[24];

	snprintf(text, sizeof text, "%s%s",
		 r->growth < 0 ? "-"
		 : r->growth   ? "+"
			       : "",
		 text_size(size, pages << list->space->page_shift));
	area_text_right(a, row, c->ratio + c->ratio_width, PEN_ON(ink, paper),
			r->counts[PAGE_UNKNOWN] == r->pages || !list->space->began_known ? "?" : text);
}

/* "1/8"; "?/4" where no page is known; "1+?/8" where some are not known: more may be in memory. */
static void share_text(char text[static 40], const struct region_row *r, int columns)
{
	uint64_t unknown = r->counts[PAGE_UNKNOWN];
	char part[16], whole[16];

	count4(whole, r->pages);
	if (unknown == r->pages)
		snprintf(text, 40, "?/%s", whole);
	else
		snprintf(text, 40, "%s%s/%s", count4(part, r->resident), unknown ? "+?" : "", whole);
	if (unknown && text_columns(text) > columns)
		snprintf(text, 40, "?/%s", whole);
}

static void draw_share(struct area a, int row, const struct regions_columns *c,
		       const struct region_rows *list, const struct region_row *r, uint8_t paper)
{
	char text[40];

	for (int i = 0; i < c->bar_width; i++) {
		uint32_t ch = glyph_bar(r->resident, r->pages, c->bar_width, i, a.canvas->ascii);
		bool empty = ch == 0x2500 || ch == '.';

		area_put(a, row, c->bar + i, ch, PEN_ON(empty ? INK_LINE : resident_ink(r), paper));
	}
	if (list->sort == REGION_SORT_GROWTH) {
		draw_growth(a, row, c, list, r, paper);
		return;
	}
	if (!c->ratio_width)
		return;
	share_text(text, r, c->ratio_width);
	area_text_right(a, row, c->ratio + c->ratio_width, PEN_ON(INK_DIM, paper), text);
}

/* Where two are compared: how many pages differ, and which one alone has the region. */
static void draw_difference(struct area a, int row, const struct regions_columns *c,
			    const struct region_rows *list, const struct region_row *r, uint8_t paper)
{
	bool ascii = a.canvas->ascii;
	char text[96] = "", count[16];
	uint8_t ink = INK_WARN;

	for (int i = 0; i < c->bar_width; i++) {
		uint32_t ch = glyph_bar(r->differ, r->pages, c->bar_width, i, ascii);

		area_put(a, row, c->bar + i, ch, PEN_ON(r->differ ? INK_WARN : INK_LINE, paper));
	}
	if (!r->on[ALIGNED_A] || !r->on[ALIGNED_B])
		snprintf(text, sizeof text, "%s %s", r->on[ALIGNED_A] ? _("only A") : _("only B"),
			 count4(count, r->differ));
	else if (r->differ)
		snprintf(text, sizeof text, "%s %s", ascii ? "#" : "\u2260", count4(count, r->differ));
	else if (r->by_chance) {
		snprintf(text, sizeof text, "%s %s", ascii ? "~" : "\u2248", count4(count, r->by_chance));
		ink = INK_DIM;
	}
	area_text_right(a, row, c->ratio + c->ratio_width, PEN_ON(ink, paper), text);
}

/* The file's name, or how many regions a folded line stands for. */
static void draw_name(struct area a, int row, const struct regions_columns *c, const struct space *s,
		      const struct region_row *r, uint8_t paper)
{
	const struct region *region = space_find_near(s, r->id, space_address(s, r->first));
	const char *name = region ? region_name(&region->attr) : "";
	char *text = text_shown_dup(name);
	int width = c->name_width;
	char more[16] = "";

	if (r->regions > 1) {
		snprintf(more, sizeof more, " x%u", r->regions);
		if (!a.canvas->ascii)
			snprintf(more, sizeof more, " \u00d7%u", r->regions);
		width -= text_columns(more);
	}
	width = area_fit(a, row, c->name, width, PEN_ON(INK_TEXT, paper), text, TEXT_CUT_MIDDLE);
	area_text(a, row, width, PEN_ON(INK_DIM, paper), more);
	free(text);
}

static void draw_line(struct area a, int row, const struct regions_columns *c, const struct region_rows *list,
		      const struct region_row *r, bool selected)
{
	uint8_t paper = selected ? PAPER_SELECTED : PAPER_PLAIN;
	const struct region *region =
	    r->regions == 1 ? space_find_near(list->space, r->id, space_address(list->space, r->first))
			    : NULL;
	char size[16];

	area_fill(area_part(a, row, 0, 1, a.columns), PEN_ON(INK_TEXT, paper));
	if (selected)
		area_put(a, row, c->kind - 2, 0x25b8, PEN_ON(INK_ACCENT, paper));
	area_fit(a, row, c->kind, c->kind_width, PEN_ON(INK_DIM, paper),
		 region ? space_region_word(list->space, region) : region_kind_name(r->kind), TEXT_CUT_RIGHT);
	draw_name(a, row, c, list->space, r, paper);
	text_size(size, r->pages << list->space->page_shift);
	if (c->size_width)
		area_text_right(a, row, c->size + c->size_width, PEN_ON(INK_TEXT, paper), size);
	(list->aligned ? draw_difference : draw_share)(a, row, c, list, r, paper);
}

static const char *const sort_names[REGION_SORT_COUNT] = {
	[REGION_SORT_ADDRESS] = N_("by address"),
	[REGION_SORT_SIZE] = N_("by size"),
	[REGION_SORT_RESIDENT] = N_("by resident"),
	[REGION_SORT_CHANGED] = N_("by change"),
	[REGION_SORT_NAME] = N_("by name"),
	[REGION_SORT_GROWTH] = N_("by growth"),
	[REGION_SORT_DIFFERENCE] = N_("by difference"),
};

static void draw_title(struct area a, const struct region_rows *list, bool focused)
{
	uint8_t style = focused ? STYLE_BOLD | STYLE_UNDERLINE : STYLE_BOLD;
	int column = area_text(a, 0, 1, (struct pen){ INK_ACCENT, PAPER_PLAIN, style }, _("REGIONS"));
	char count[16];

	snprintf(count, sizeof count, "%zu", list->count);
	column = area_text(a, 0, column + 2, PEN(INK_DIM), _(sort_names[list->sort]));
	if (list->fold)
		column = area_printf(a, 0, column, PEN(INK_DIM), ", %s", _("folded"));
	if (region_filter_is_set(&list->filter)) {
		char *filter = text_shown_dup(list->filter.text);
		int room = a.columns - 4 - (int)strlen(count) - column;

		area_fit(a, 0, column + 2, room, PEN(INK_WARN), filter[0] ? filter : _("some kinds"),
			 TEXT_CUT_RIGHT);
		free(filter);
	}
	area_text_right(a, 0, a.columns - 1, PEN(INK_DIM), count);
}

void panel_regions(struct area a, const struct region_rows *list, int top, int selected, bool focused)
{
	struct regions_columns c = share(a.columns, list->aligned != NULL, list->sort == REGION_SORT_GROWTH);

	top = max(top, 0);
	draw_title(a, list, focused);
	for (int row = 1; row < a.rows && top + row - 1 < (int)list->count; row++) {
		int i = top + row - 1;

		draw_line(a, row, &c, list, &list->rows[i], i == selected);
	}
}
