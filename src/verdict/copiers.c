#include "verdict/copiers.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "model/own_code.h"

static void add(struct copiers *rows, const char *function, const char *object, const struct forked_copier *c)
{
	for (size_t i = 0; i < rows->count; i++) {
		struct copier *row = &rows->list[i];

		if (row->parent == c->parent && !strcmp(row->function, function) &&
		    !strcmp(row->object, object)) {
			row->pages += c->pages;
			return;
		}
	}
	mem_grow(rows->list, rows->cap, rows->count + 1);
	rows->list[rows->count++] =
	    (struct copier){ mem_strdup(function), mem_strdup(object), c->pages, c->parent };
}

static int by_pages(const void *a, const void *b)
{
	const struct copier *x = a, *y = b;

	if (x->pages != y->pages)
		return x->pages < y->pages ? 1 : -1;
	return x->parent != y->parent ? x->parent - y->parent : strcmp(x->function, y->function);
}

/* What code is called that still has its names. */
static void add_named(struct copiers *rows, const struct world *world, const struct process *child,
		      const struct forked_copier *c)
{
	const struct process *p = !c->parent ? child : world ? world_find(world, child->parent) : NULL;
	const struct event_symbol *symbol = p ? names_find(p->names, c->ip) : NULL;
	const struct region *code = p ? space_find(p->space, c->ip) : NULL;

	size_t frame = 0;

	if (p)
		own_code_at(NULL, p, symbol, c->ip, &frame);
	if (symbol && symbol->count)
		add(rows, symbol->frames[frame].function, path_name(symbol->object), c);
	else if (c->ip >> 63)
		add(rows, "[kernel]", "", c);
	else
		add(rows, "", symbol ? path_name(symbol->object) : code ? region_name(&code->attr) : "", c);
}

struct copiers copiers_take(const struct world *world, const struct process *child)
{
	struct copiers rows = { 0 };

	for (size_t i = 0; i < child->forked.copier_count; i++) {
		const struct forked_copier *c = &child->forked.copiers[i];

		if (c->function)
			add(&rows, *c->function || !(c->ip >> 63) ? c->function : "[kernel]",
			    path_name(c->object), c);
		else
			add_named(&rows, world, child, c);
	}
	if (rows.count)
		qsort(rows.list, rows.count, sizeof *rows.list, by_pages);
	return rows;
}

void copiers_fini(struct copiers *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		free(rows->list[i].function);
		free(rows->list[i].object);
	}
	free(rows->list);
}
