#include "render/process_rows.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

static void add(struct process_rows *list, const struct process *p, const struct thread *thread, int depth)
{
	mem_grow(list->rows, list->cap, list->count + 1);
	list->rows[list->count++] = (struct process_row){ p, thread, depth };
}

/* The tree, by indices into the world's list plus one; 0: none. */
struct tree {
	uint32_t *parents, *first, *last, *next; /* of children; the first of 0 are the roots */
};

static void note_child(struct tree *t, uint32_t parent, uint32_t child)
{
	t->parents[child] = parent;
	if (t->last[parent])
		t->next[t->last[parent]] = child;
	else
		t->first[parent] = child;
	t->last[parent] = child;
}

/* A parent that was forgotten, or came after its child, does not count. */
static struct tree tree_of(const struct world *w)
{
	size_t n = w->count + 1;
	uint32_t *all = mem_zalloc(4 * n * sizeof *all);
	struct tree t = { all, all + n, all + 2 * n, all + 3 * n };
	struct hash by_pid = { 0 };

	for (size_t i = 0; i < w->count; i++) {
		const struct process *p = w->processes[i];
		struct hash_iter iter = hash_iter(&by_pid, hash_number((uint32_t)p->parent));
		uint32_t parent = 0;

		while (p->parent && (parent = hash_next(&iter)) && w->processes[parent - 1]->pid != p->parent)
			;
		note_child(&t, parent, (uint32_t)i + 1);
		hash_add(&by_pid, hash_number((uint32_t)p->pid), (uint32_t)i + 1);
	}
	hash_fini(&by_pid);
	return t;
}

static void add_threads(struct process_rows *list, const struct process *p, int depth)
{
	if (p->threads.count < 2)
		return;
	for (size_t i = 0; i < p->threads.count; i++)
		add(list, p, &p->threads.list[i], depth);
}

/* The next one in the order of the lines: a child, or else the next of this or of one above it. */
static uint32_t next_of(const struct tree *t, uint32_t at, int *depth)
{
	if (t->first[at]) {
		++*depth;
		return t->first[at];
	}
	for (; at && !t->next[at]; at = t->parents[at])
		--*depth;
	return t->next[at];
}

void process_rows_update(struct process_rows *list, const struct world *w, int32_t shown)
{
	struct tree t = tree_of(w);
	int depth = 0;

	list->count = 0;
	for (uint32_t at = t.first[0]; at; at = next_of(&t, at, &depth)) {
		const struct process *p = w->processes[at - 1];

		add(list, p, NULL, depth);
		if (p->pid == shown)
			add_threads(list, p, depth + 1);
	}
	free(t.parents);
}

void process_rows_fini(struct process_rows *list)
{
	free(list->rows);
	*list = (struct process_rows){ 0 };
}

void process_order_update(struct process_order *order, const struct world *w, int32_t pid)
{
	struct process_rows *rows = &order->rows;

	if (order->generation == w->family_generation && order->pid == pid)
		return;
	if (order->generation != w->family_generation)
		process_rows_update(rows, w, 0);
	order->generation = w->family_generation;
	order->pid = pid;
	order->at = 0;
	while (order->at < rows->count && rows->rows[order->at].process->pid != pid)
		order->at++;
}

void process_order_fini(struct process_order *order)
{
	process_rows_fini(&order->rows);
}
