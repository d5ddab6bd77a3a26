/* The panel below the grid: a line of tabs, and the chosen one.
 *
 *   ─ 1 page ─ 2 address ─ 3 entry ─ 4 bytes ─ 5 output ─ 6 changes ─ 7 sources ─ x stack ─ e events ─
 *
 * A wide screen shows two of them side by side. */
#include "ui/view/panel.h"

#include <assert.h>

#include "base/i18n.h"
#include "render/page_facts.h"

#define WIDE 150         /* columns from which on two are side by side */
#define RIGHT_COLUMNS 76 /* of the right one */

static int tabs_columns(const struct tabs *tabs)
{
	int columns = 1;
	for (size_t i = 0; i < tabs->count; i++)
		columns += 5 + text_columns(_(tabs->items[i].ops->name));
	return columns;
}

struct tab *panel_detail_tab_at(const struct tabs *tabs, int columns, int column)
{
	bool names = tabs_columns(tabs) < columns;
	int start = 1;
	for (size_t i = 0; i < tabs->count; i++) {
		struct tab *tab = &tabs->items[i];
		bool named = names || tab == tabs->shown;
		int end = start + 3 + (named ? text_columns(_(tab->ops->name)) + 1 : 0);
		if (column >= start && column < end)
			return tab;
		start = end + 1;
	}
	return NULL;
}

/* One tab's name; a narrow screen has room for the chosen one's only. */
static int draw_tab_name(struct area a, int column, const struct tab *tab, bool chosen, bool names)
{
	uint8_t paper = chosen ? PAPER_SELECTED : PAPER_PLAIN;
	struct pen key = PEN_ON(INK_ACCENT, paper), name = PEN_ON(chosen ? INK_STRONG : INK_TEXT, paper);
	if (chosen)
		name.style = key.style = STYLE_BOLD;
	column = area_printf(a, 0, column, key, " %c", tab->ops->key);
	if (names || chosen)
		column = area_printf(a, 0, column, name, " %s", _(tab->ops->name));
	column = area_text(a, 0, column, name, " ");
	return column + 1;
}

static void draw_tab_line(struct area a, const struct scene *scene)
{
	const struct tabs *tabs = &scene->view->tabs;
	bool names = tabs_columns(tabs) < a.columns, focused = scene->view->focus == FOCUS_DETAIL;
	area_rule(a, 0, PEN(focused ? INK_ACCENT : INK_DIM), NULL);
	int column = 1;
	for (size_t i = 0; i < tabs->count; i++)
		column = draw_tab_name(a, column, &tabs->items[i], &tabs->items[i] == tabs->shown, names);
	if (!tabs_shows(tabs, VIEW_ADDRESS) || scene_aligned(scene) || !scene->process)
		return;
	char address[24];
	page_address_text(address, scene->process->identity.bits,
			  space_address(scene->process->space, scene->page));
	int at = a.columns - text_columns(address) - 2;
	if (at > column)
		area_printf(a, 0, at - 1, PEN(INK_STRONG), " %s ", address);
}

static const struct tab *tab_with(const struct tabs *tabs, unsigned flag)
{
	for (size_t i = 0; i < tabs->count; i++)
		if (tabs->items[i].ops->flags & flag)
			return &tabs->items[i];
	return NULL;
}

static int draw_side_by_side(struct area a, const struct scene *scene)
{
	const struct tab *left = tab_with(&scene->view->tabs, VIEW_WIDE_LEFT);
	const struct tab *right = tab_with(&scene->view->tabs, VIEW_WIDE_RIGHT);
	int columns = a.columns - RIGHT_COLUMNS - 1;
	assert(left && right); /* the table of tabs has both */
	int end = left->ops->draw(area_part(a, 0, 0, a.rows, columns), scene, left);
	for (int row = 0; row < a.rows; row++)
		area_put(a, row, columns, 0x2502, PEN(INK_DIM));
	int other = right->ops->draw(area_part(a, 0, columns + 1, a.rows, RIGHT_COLUMNS), scene, right);
	return scene->view->tabs.shown == left ? end : other;
}

static int draw_compared(struct area body, const struct scene *scene, const struct tab *tab)
{
	struct scene own = scene_of_tab(scene, tab);
	return tab->ops->draw_compared ? tab->ops->draw_compared(body, scene, tab)
				       : tab->ops->draw(body, &own, tab);
}

int panel_detail(struct area a, const struct scene *scene)
{
	const struct tab *tab = scene->view->tabs.shown;
	if (a.rows < 1 || a.columns < 1)
		return 0;
	draw_tab_line(a, scene);
	struct area body = area_part(a, 1, 0, a.rows - 1, a.columns);
	if (body.rows < 1)
		return 0;
	if (scene_aligned(scene))
		return draw_compared(body, scene, tab);
	if (a.columns >= WIDE && tab->ops->flags & (VIEW_WIDE_LEFT | VIEW_WIDE_RIGHT))
		return draw_side_by_side(body, scene);
	return tab->ops->draw(body, scene, tab);
}
