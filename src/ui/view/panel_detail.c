/* The panel below the grid: a line of tabs, the address and the frame of the page, and the chosen tab.
 *
 * A wide screen shows two of them side by side. */
#include "ui/view/panel.h"

#include <assert.h>

#include "ui/view/tabs_line.h"

#define WIDE 150         /* columns from which on two are side by side */
#define RIGHT_COLUMNS 76 /* of the right one */

static const struct tab *tab_with(const struct tabs *tabs, unsigned flag)
{
	for (size_t i = 0; i < tabs->count; i++)
		if (tabs->items[i].ops->flags & flag)
			return &tabs->items[i];
	return NULL;
}

static int draw_side_by_side(struct area a, const struct scene *scene)
{
	const struct tab *left = tab_with(&scene->view->tabs, TAB_WIDE_LEFT);
	const struct tab *right = tab_with(&scene->view->tabs, TAB_WIDE_RIGHT);
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
	int above = 1 + tabs_line_address_rows(&scene->view->tabs, a.columns, scene_aligned(scene));
	tabs_line_draw(a, scene);
	if (above > 1 && scene->process)
		tabs_line_draw_page(area_part(a, 1, 0, 1, a.columns), scene);
	struct area body = area_part(a, above, 0, a.rows - above, a.columns);
	if (body.rows < 1)
		return 0;
	if (scene_aligned(scene))
		return draw_compared(body, scene, tab);
	if (a.columns >= WIDE && tab->ops->flags & (TAB_WIDE_LEFT | TAB_WIDE_RIGHT))
		return draw_side_by_side(body, scene);
	return tab->ops->draw(body, scene, tab);
}
