/* A stack is looked up by its addresses; only if it is new are its functions named and looked up in the tree.
 * Addresses are valid within one image of one process, so these are part of the key. */
#include "export/flame.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

void flame_init(struct flame *f)
{
	*f = (struct flame){ 0 };
	mem_grow(f->nodes, f->cap, 1);
	f->nodes[f->count++] = (struct flame_node){ .name = texts_add(&f->names, "") };
}

void flame_fini(struct flame *f)
{
	texts_fini(&f->names);
	free(f->nodes);
	free(f->node_of);
	hash_fini(&f->children);
	stacks_fini(&f->stacks);
	strbuf_fini(&f->line);
}

/* The child with that name; the parent itself if there is no room. */
static uint32_t child(struct flame *f, uint32_t parent, uint32_t name)
{
	uint32_t hash = hash_two(parent, name), number;
	struct hash_iter iter = hash_iter(&f->children, hash);

	while ((number = hash_next(&iter)))
		if (f->nodes[number - 1].parent == parent && f->nodes[number - 1].name == name)
			return number - 1;
	if (f->count >= FLAME_NODES_MAX)
		return parent;
	mem_grow(f->nodes, f->cap, f->count + 1);
	f->nodes[f->count++] =
	    (struct flame_node){ .name = name, .parent = parent, .depth = f->nodes[parent].depth + 1 };
	hash_add(&f->children, hash, (uint32_t)f->count);
	return (uint32_t)f->count - 1;
}

/* Descends the tree by the names of the stack. */
static uint32_t descend(struct flame *f, const struct later_names *names, const struct process *p,
			const struct event *e)
{
	uint32_t node = 0;
	char *rest, *name;

	strbuf_clear(&f->line);
	if (names->processes > 1)
		export_names_fold_process(&f->line, p);
	export_names_fold_stack(&f->line, names, p, e);
	rest = f->line.text;
	while ((name = strsep(&rest, ";")))
		node = child(f, node, texts_add(&f->names, name));
	return node;
}

/* The stack's number among those that came before; 0: there is no room. */
static uint32_t number_of(struct flame *f, const struct process *p, const struct event *e)
{
	uint64_t words[STACK_MAX + 4];
	struct event_stack key = { .ips = words, .count = 3, .end = e->stack.end };

	if (e->stack.count + key.count > STACK_MAX)
		return 0;
	words[0] = (uint64_t)(uint32_t)p->pid;
	words[1] = p->course.execs;
	words[2] = e->fault.ip;
	for (size_t i = 0; i < e->stack.count && i < STACK_MAX; i++)
		words[key.count++] = e->stack.ips[i];
	return stacks_add(&f->stacks, &key);
}

uint32_t flame_add(struct flame *f, const struct later_names *names, const struct process *p,
		   const struct event *e)
{
	uint32_t number = number_of(f, p, e), node = 0;
	size_t had = f->node_of_cap;

	mem_grow(f->node_of, f->node_of_cap, (size_t)number + 1);
	memset(f->node_of + had, 0, (f->node_of_cap - had) * sizeof *f->node_of);
	if (number)
		node = f->node_of[number];
	if (!node)
		node = descend(f, names, p, e);
	if (number)
		f->node_of[number] = node;
	f->nodes[node].faults++;
	f->nodes[node].own += UINT64_C(1) + e->fault.before + e->fault.after;
	return node;
}

void flame_sum(struct flame *f)
{
	for (size_t i = 0; i < f->count; i++)
		f->nodes[i].pages = f->nodes[i].own;
	for (size_t i = f->count; i-- > 1;) {
		f->nodes[f->nodes[i].parent].pages += f->nodes[i].pages;
		f->nodes[f->nodes[i].parent].faults += f->nodes[i].faults;
	}
}
