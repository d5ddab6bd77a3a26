/* Names come after the faults, and two addresses may turn out to be one function: so the rows are made
 * from all entries each time. With many stacks that takes a while, so the longer it takes the less often
 * it is done. */
#include "render/profile_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define REST_NS_PER_FUNCTION 1000 /* of rest for each function that was visited: a small share of a core */
#define OPENED_MAX 512

static bool is_open(const void *context, const struct profile_node *node)
{
	const struct profile_rows *h = context;

	for (size_t i = 0; i < h->opened_count; i++)
		if (h->opened[i] == node->path)
			return true;
	return false;
}

static void put_in_order(struct profile_rows *h)
{
	mem_grow(h->order, h->cap, h->tree.count);
	h->count = profile_tree_order(&h->tree, h->order, is_open, h);
}

void profile_rows_update(struct profile_rows *h, const struct process *p, enum profile_by by, const char *own,
			 uint64_t now_ns)
{
	const struct profile_way way = { .by = by, .own = own };
	bool same = h->process == p && h->by == by,
	     news = h->faults != p->faults.log.end || h->names != names_generation(p->names);
	const struct profile_entry *rest = &p->faults.profile.rest;
	size_t frames = 0;

	h->pending = same && news && now_ns < h->due_ns;
	if (h->pending || (same && !news))
		return;
	profile_tree_clear(&h->tree);
	for (size_t i = 0; i < p->faults.profile.count; i++) {
		const struct profile_entry *entry = &p->faults.profile.entries[i];
		struct event_stack stack = stacks_get(&p->stacks, entry->stack);

		frames += profile_tree_add(&h->tree, &way, p, entry->ip, &stack,
					   &(struct profile_sum){ entry->minor, entry->major, entry->pages });
	}
	profile_tree_add_rest(&h->tree, &(struct profile_sum){ rest->minor, rest->major, rest->pages });
	put_in_order(h);
	h->process = p;
	h->faults = p->faults.log.end;
	h->names = names_generation(p->names);
	h->by = by;
	h->due_ns = now_ns + frames * REST_NS_PER_FUNCTION;
}

const struct profile_node *profile_rows_at(const struct profile_rows *h, size_t line)
{
	return &h->tree.nodes[h->order[line]];
}

bool profile_rows_open(struct profile_rows *h, size_t line, bool open)
{
	const struct profile_node *node = line < h->count ? profile_rows_at(h, line) : NULL;

	if (!node || !node->below || node->open == open)
		return false;
	if (open) {
		if (h->opened_count == OPENED_MAX)
			return false;
		mem_grow(h->opened, h->opened_cap, h->opened_count + 1);
		h->opened[h->opened_count++] = node->path;
	}
	for (size_t i = h->opened_count; !open && i-- > 0;)
		if (h->opened[i] == node->path)
			h->opened[i] = h->opened[--h->opened_count];
	put_in_order(h);
	return true;
}

size_t profile_rows_above(const struct profile_rows *h, size_t line)
{
	uint32_t parent = line < h->count ? profile_rows_at(h, line)->parent : 0;

	for (size_t i = line; parent && i-- > 0;)
		if (h->order[i] == parent - 1)
			return i;
	return line;
}

void profile_rows_fini(struct profile_rows *h)
{
	profile_tree_fini(&h->tree);
	free(h->order);
	free(h->opened);
	*h = (struct profile_rows){ 0 };
}
