/* A few hundred processes at most: for each, the list is walked for its children. */
#include "render/process_rows.h"

#include <stdlib.h>

#include "base/mem.h"

static void add(struct process_rows *list, const struct process *p, const struct thread *thread, int depth)
{
	mem_grow(list->rows, list->cap, list->count + 1);
	list->rows[list->count++] = (struct process_row){ p, thread, depth };
}

/* A parent that was forgotten, or came after its child, does not count. */
static const struct process *parent_of(const struct world *w, size_t i)
{
	const struct process *p = w->processes[i];

	for (size_t j = 0; p->parent && j < i; j++)
		if (w->processes[j]->pid == p->parent)
			return w->processes[j];
	return NULL;
}

static void add_threads(struct process_rows *list, const struct process *p, int depth)
{
	if (p->threads.count < 2)
		return;
	for (size_t i = 0; i < p->threads.count; i++)
		add(list, p, &p->threads.list[i], depth);
}

static void add_family(struct process_rows *list, const struct world *w, const struct process *p, int depth,
		       int32_t shown)
{
	add(list, p, NULL, depth);
	if (p->pid == shown)
		add_threads(list, p, depth + 1);
	for (size_t i = 0; i < w->count; i++)
		if (parent_of(w, i) == p)
			add_family(list, w, w->processes[i], depth + 1, shown);
}

void process_rows_update(struct process_rows *list, const struct world *w, int32_t shown)
{
	list->count = 0;
	for (size_t i = 0; i < w->count; i++)
		if (!parent_of(w, i))
			add_family(list, w, w->processes[i], 0, shown);
}

void process_rows_fini(struct process_rows *list)
{
	free(list->rows);
	*list = (struct process_rows){ 0 };
}
