/* What the user looks at: how it begins, and changes that concern more than one part of it. */
#include "ui/view/view.h"

#include <string.h>

void view_init(struct view *v, const struct view_ops *const *table, int32_t pid)
{
	memset(v, 0, sizeof *v);
	v->pid = pid;
	v->grid.zoom_auto = true;
	v->regions.filter.kinds = ~UINT32_C(0);
	tabs_init(&v->tabs, table);
}

void view_fini(struct view *v)
{
	snapshots_forget(&v->snapshots);
	tabs_fini(&v->tabs);
}

void view_move(struct view *v, uint64_t page)
{
	v->grid.cursor = page;
	v->grid.chase = false;
}

void view_show(struct view *v, const struct view_ops *ops)
{
	tabs_show(&v->tabs, tabs_find(&v->tabs, ops));
	v->focus = VIEW_FOCUS_DETAIL;
}

void view_leave_tab(struct view *v)
{
	tabs_show(&v->tabs, v->tabs.items);
	v->focus = VIEW_FOCUS_GRID;
}

void view_ask(struct view *v, const struct prompt_ops *ops)
{
	v->prompt = (struct prompt){ .ops = ops };
}

struct tab *view_tab_with_keys(const struct view *v)
{
	return v->focus == VIEW_FOCUS_DETAIL ? v->tabs.shown : NULL;
}

static void go_back(struct view *v, struct tab *tab)
{
	const struct view_ops *to = tab->ops->back ? tab->ops->back(tab) : NULL;

	if (to)
		view_show(v, to);
	else
		view_leave_tab(v);
}

void view_press_tab(struct view *v, const struct scene *scene, struct tab *tab)
{
	if (!(tab->ops->flags & TAB_LIST)) {
		tabs_show(&v->tabs, tab);
		return;
	}
	if (view_tab_with_keys(v) == tab) {
		go_back(v, tab);
		return;
	}
	if (tab->ops->open)
		tab->ops->open(tab, v, scene);
	view_show(v, tab->ops);
}
