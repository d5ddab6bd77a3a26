/* Which tabs there are, and which one is shown. */
#include "ui/view/tabs.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void tabs_init(struct tabs *tabs, const struct view_ops *const *table)
{
	*tabs = (struct tabs){ 0 };
	while (table[tabs->count])
		tabs->count++;
	tabs->items = mem_zalloc(tabs->count * sizeof *tabs->items);
	for (size_t i = 0; i < tabs->count; i++) {
		tabs->items[i].ops = table[i];
		tabs->items[i].state = table[i]->state_size ? mem_zalloc(table[i]->state_size) : NULL;
	}
	tabs->shown = tabs->items;
}

void tabs_fini(struct tabs *tabs)
{
	for (size_t i = 0; i < tabs->count; i++) {
		if (tabs->items[i].ops->fini)
			tabs->items[i].ops->fini(&tabs->items[i]);
		free(tabs->items[i].state);
	}
	free(tabs->items);
	*tabs = (struct tabs){ 0 };
}

struct tab *tabs_find(const struct tabs *tabs, const struct view_ops *ops)
{
	struct tab *tab = tabs->items;

	while (tab->ops != ops) {
		tab++;
		assert(tab < tabs->items + tabs->count);
	}
	return tab;
}

struct tab *tabs_with(const struct tabs *tabs, unsigned flag)
{
	struct tab *tab = tabs->items;

	while (!(tab->ops->flags & flag)) {
		tab++;
		assert(tab < tabs->items + tabs->count);
	}
	return tab;
}

struct tab *tabs_named(const struct tabs *tabs, const char *name)
{
	for (size_t i = 0; i < tabs->count; i++)
		if (!strcmp(tabs->items[i].ops->name, name))
			return &tabs->items[i];
	return NULL;
}

struct tab *tabs_by_key(const struct tabs *tabs, uint32_t key)
{
	for (size_t i = 0; i < tabs->count; i++)
		if ((unsigned char)tabs->items[i].ops->key == key)
			return &tabs->items[i];
	return NULL;
}

void tabs_show(struct tabs *tabs, struct tab *tab)
{
	tabs->shown = tab;
	if (!(tab->ops->flags & TAB_STAYS))
		tab->scroll = 0;
}

void tabs_step(struct tabs *tabs, int step)
{
	size_t at = (size_t)(tabs->shown - tabs->items);

	tabs->shown = &tabs->items[(at + tabs->count + (size_t)step) % tabs->count];
}

bool tabs_shows(const struct tabs *tabs, unsigned flag)
{
	return tabs->shown->ops->flags & flag;
}

void tab_scroll(struct tab *tab, int lines)
{
	if (tab->ops->scroll) {
		tab->ops->scroll(tab, lines);
		return;
	}
	tab->scroll += tab->ops->flags & TAB_FROM_END ? -lines : lines;
	if (tab->scroll < 0)
		tab->scroll = 0;
}

void tabs_go_sideways(struct tabs *tabs, int step)
{
	const struct view_ops *ops = tabs->shown->ops;

	if (!ops->sideways || !ops->sideways(tabs->shown, step))
		tabs_step(tabs, step);
}
