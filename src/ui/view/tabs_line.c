/* Each width gets the longest names that leave room for all of them. */
#include "ui/view/tabs_line.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "base/i18n.h"
#include "base/strbuf.h"
#include "render/glyph.h"
#include "render/page_facts.h"
#include "ui/view/scene.h"

/* "0x55d2c1f0b000  frame 0x1150340": kept free, so that nothing jumps from page to page. */
#define ADDRESS_COLUMNS 35

static const char *name_of(const struct tabs_line *line, const struct tab *tab)
{
	return line->brief && tab->ops->brief ? _(tab->ops->brief) : _(tab->ops->name);
}

struct key_text {
	char text[8];
};

static struct key_text key_of(const struct tab *tab)
{
	struct key_text key = { { tab->ops->key } };

	if (*tab->label)
		memcpy(key.text, tab->label, sizeof key.text);
	return key;
}

static int letters_of(const struct tabs_line *line, const struct tabs *tabs, const struct tab *tab)
{
	int columns = text_columns(name_of(line, tab));

	return tab == tabs->shown || columns < line->letters ? columns : line->letters;
}

/* " 1 page " and a piece of rule, or " 1 page" */
static int columns_of(const struct tabs_line *line, const struct tabs *tabs, const struct tab *tab)
{
	int letters = letters_of(line, tabs, tab);

	return 1 + text_columns(key_of(tab).text) + (letters ? 1 + letters : 0) + (line->close ? 0 : 2);
}

static int all_columns(const struct tabs_line *line, const struct tabs *tabs)
{
	int columns = 2;

	for (size_t i = 0; i < tabs->count; i++)
		columns += columns_of(line, tabs, &tabs->items[i]);
	return columns;
}

struct tabs_line tabs_line(const struct tabs *tabs, int columns)
{
	struct tabs_line line = { .letters = INT_MAX };

	for (int close = 0; close < 2; close++) {
		line.close = close;
		if (all_columns(&line, tabs) + ADDRESS_COLUMNS <= columns)
			return line;
	}
	line.address_below = true;
	for (int brief = 0; brief < 2; brief++) {
		line.brief = brief;
		if (all_columns(&line, tabs) <= columns)
			return line;
	}
	for (line.letters = 8; line.letters > 0 && all_columns(&line, tabs) > columns;)
		line.letters--;
	if (line.letters < 3) /* says nothing */
		line.letters = 0;
	return line;
}

int tabs_line_address_rows(const struct tabs *tabs, int columns, bool compared)
{
	return !compared && !tabs_shows(tabs, TAB_HAS_ADDRESS) && tabs_line(tabs, columns).address_below;
}

struct tab *tabs_line_at(const struct tabs *tabs, int columns, int column)
{
	struct tabs_line line = tabs_line(tabs, columns);
	int start = 1;

	for (size_t i = 0; i < tabs->count; i++) {
		int width = columns_of(&line, tabs, &tabs->items[i]);

		if (column >= start && column < start + width - (line.close ? 0 : 1))
			return &tabs->items[i];
		start += width;
	}
	return NULL;
}

static int draw_name(struct area a, int column, const struct tabs_line *line, const struct tabs *tabs,
		     const struct tab *tab)
{
	bool chosen = tab == tabs->shown;
	uint8_t paper = chosen ? PAPER_SELECTED : PAPER_PLAIN;
	struct pen key = PEN_ON(INK_ACCENT, paper), name = PEN_ON(chosen ? INK_STRONG : INK_TEXT, paper);
	int letters = letters_of(line, tabs, tab), width = columns_of(line, tabs, tab);

	if (chosen)
		name.style = key.style = STYLE_BOLD;
	area_fill(area_part(a, 0, column, 1, width - (line->close ? 0 : 1)), name);
	int at = area_printf(a, 0, column, key, " %s", key_of(tab).text) + 1;
	if (letters)
		area_text(area_part(a, 0, at, 1, letters), 0, 0, name, name_of(line, tab));
	return column + width;
}

/* Draws them from a column on, or so that they end at the right; returns the column after them. */
static int draw_place(struct area a, int column, const struct scene *scene, const struct page_facts *s)
{
	struct strbuf frame = { 0 };
	char address[24];

	page_frame_print(&frame, s);
	page_address_text(address, scene->process->identity.bits, s->address);
	if (column < 0)
		column = a.columns - text_columns(address) - text_columns(frame.text) - 5;
	column = area_printf(a, 0, column, PEN(INK_STRONG), " %s  ", address);
	column = area_printf(a, 0, column, PEN(INK_TEXT), "%s ", frame.text);
	strbuf_fini(&frame);
	return column;
}

void tabs_line_draw(struct area a, const struct scene *scene)
{
	const struct tabs *tabs = &scene->view->tabs;
	struct tabs_line line = tabs_line(tabs, a.columns);
	bool focused = scene->view->focus == VIEW_FOCUS_DETAIL;
	int column = 1;

	area_rule(a, 0, PEN(focused ? INK_ACCENT : INK_DIM), NULL);
	for (size_t i = 0; i < tabs->count; i++)
		column = draw_name(a, column, &line, tabs, &tabs->items[i]);
	if (line.close)
		area_put(a, 0, column, ' ', PEN(INK_TEXT));
	if (line.address_below || scene_aligned(scene) || !scene->process)
		return;
	struct page_facts s = page_facts(scene->process->space, scene->page, scene->detail);
	draw_place(a, -1, scene, &s);
}

int tabs_line_draw_address(struct area a, const struct scene *scene, const struct page_facts *s)
{
	return draw_place(a, 0, scene, s);
}

void tabs_line_draw_page(struct area a, const struct scene *scene)
{
	struct page_facts s = page_facts(scene->process->space, scene->page, scene->detail);
	enum page_state state = page_state(s.word);
	int column = draw_place(a, 0, scene, &s) + 1;
	struct pen pen = PEN(INK_STATE + state);

	if (!s.region)
		return;
	area_put(a, 0, column, glyph_page(state, a.canvas->ascii), pen);
	column = area_text(a, 0, column + 2, pen, page_state_name(state)) + 2;
	const char *raw = region_name(&s.region->attr);
	struct strbuf name = { 0 };
	text_shown(&name, raw);
	area_fit(a, 0, column, a.columns - column - 1, PEN(INK_DIM),
		 name.len ? name.text : region_kind_name((enum region_kind)s.region->attr.kind),
		 TEXT_CUT_MIDDLE);
	strbuf_fini(&name);
}
