#include "model/profile_tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/path.h"

#define NODES_MAX ((size_t)1 << 18) /* deeper ones are counted in those above */

const char *profile_kind_text(enum profile_kind kind)
{
	switch (kind) {
	case PROFILE_NAMED:
		break;
	case PROFILE_UNNAMED:
		return _("code without a name");
	case PROFILE_NO_STACK:
		return _("its stack was not taken");
	case PROFILE_CUT:
		return _("stack cut before any code of its own");
	case PROFILE_NOT_SAMPLED:
		return _("its stack was not sampled");
	case PROFILE_NOT_OWN:
		return _("no code of its own on the stack");
	case PROFILE_REST:
		return _("all others");
	}
	return "";
}

/* --- nodes --- */

/* What identifies a node. */
struct node_key {
	enum profile_kind kind;
	const char *name, *object;
};

static bool is(const struct profile_node *node, uint32_t parent, const struct node_key *key)
{
	return node->parent == parent && node->kind == key->kind && !strcmp(node->name, key->name) &&
	       !strcmp(node->object, key->object);
}

static uint32_t add(struct profile_tree *t, uint32_t parent, const struct node_key *key, uint32_t path)
{
	struct profile_node *above = parent ? &t->nodes[parent - 1] : NULL;

	if (t->count >= NODES_MAX)
		return 0;
	if (above)
		above->below++;
	mem_grow(t->nodes, t->cap, t->count + 1);
	t->nodes[t->count++] = (struct profile_node){
		.kind = key->kind,
		.parent = parent,
		.depth = parent ? t->nodes[parent - 1].depth + 1 : 0,
		.name = mem_strdup(key->name),
		.object = mem_strdup(key->object),
		.path = path,
	};
	hash_add(&t->hash, path, (uint32_t)t->count);
	return (uint32_t)t->count;
}

/* Counts at a node below `parent`, once per fault. Returns its number; 0: there was no room. */
static uint32_t count(struct profile_tree *t, uint32_t parent, const struct node_key *key,
		      const struct profile_sum *sum)
{
	uint32_t path = hash_two((uint64_t)hash_text(key->name) << 32 | hash_text(key->object),
				 (uint64_t)(parent ? t->nodes[parent - 1].path : 0) << 8 | key->kind);
	struct hash_iter iter = hash_iter(&t->hash, path);
	struct profile_node *node;
	uint32_t number;

	while ((number = hash_next(&iter)) && !is(&t->nodes[number - 1], parent, key))
		;
	if (!number)
		number = add(t, parent, key, path);
	if (!number)
		return 0;
	node = &t->nodes[number - 1];
	if (node->stamp == t->stamp) /* a recursive function */
		return number;
	node->stamp = t->stamp;
	node->sum.minor += sum->minor;
	node->sum.major += sum->major;
	node->sum.pages += sum->pages;
	return number;
}

/* --- what is at an address --- */

/* Code without a name: the region stands for the file. */
static const char *region_of(const struct process *p, uint64_t ip)
{
	const struct region *region = ip >> 63 ? NULL : space_find(p->space, ip);

	if (ip >> 63)
		return "[kernel]";
	if (!region)
		return "";
	return *region_name(&region->attr) ? region_name(&region->attr)
					   : region_kind_name((enum region_kind)region->attr.kind);
}

static const struct event_symbol *name_of(const struct profile_way *way, const struct process *p, uint64_t ip)
{
	return way->names ? way->names(way->context, p, ip) : names_find(p->names, ip);
}

/* Function number `frame` of those at an address. */
static struct node_key key_of(const struct process *p, const struct event_symbol *symbol, uint64_t ip,
			      size_t frame)
{
	const char *object = symbol && *symbol->object ? path_name(symbol->object) : region_of(p, ip);

	if (symbol && frame < symbol->count && *symbol->frames[frame].function)
		return (struct node_key){ PROFILE_NAMED, symbol->frames[frame].function, object };
	if (ip >> 63)
		return (struct node_key){ PROFILE_NAMED, object, "" };
	return (struct node_key){ PROFILE_UNNAMED, "", object };
}

/* Counts the functions at an address, from number `from` inwards to number `to`, each below the one before
 * (nested), or all at the top. Returns the last one's number. */
static uint32_t count_code(struct profile_tree *t, const struct profile_way *way, const struct process *p,
			   uint64_t ip, size_t from, size_t to, uint32_t parent,
			   const struct profile_sum *sum)
{
	const struct event_symbol *symbol = name_of(way, p, ip);
	size_t frames = symbol && symbol->count ? symbol->count : 1;
	bool nested = way->by == PROFILE_OWN;

	for (size_t i = from < frames ? from + 1 : frames; i-- > to;) {
		struct node_key key = key_of(p, symbol, ip, i);
		uint32_t number = count(t, nested ? parent : 0, &key, sum);

		if (nested && !number)
			return 0;
		parent = number;
	}
	return parent;
}

static uint32_t count_own(struct profile_tree *t, const struct profile_way *way, const struct process *p,
			  uint64_t ip, const struct event_stack *stack, const struct profile_sum *sum)
{
	struct own_frame own = own_code_find(way->own, p, ip, stack, way->names, way->context);
	struct node_key none = { !stack->count                     ? PROFILE_NO_STACK
				 : stack->end == STACK_NOT_SAMPLED ? PROFILE_NOT_SAMPLED
				 : stack->end != STACK_WHOLE       ? PROFILE_CUT
								   : PROFILE_NOT_OWN,
				 "", "" };
	size_t at = own.own        ? own.at + 1
		    : stack->count ? stack->count
				   : 1,
	       from = own.own ? own.frame : SIZE_MAX;
	uint32_t parent = own.own ? 0 : count(t, 0, &none, sum);

	if (!own.own && !parent)
		return 0;
	for (; at-- > 0; from = SIZE_MAX) {
		parent = count_code(t, way, p, stack->count ? stack->ips[at] : ip, from, 0, parent, sum);
		if (!parent)
			return 0;
	}
	return parent;
}

size_t profile_tree_add(struct profile_tree *t, const struct profile_way *way, const struct process *p,
			uint64_t ip, const struct event_stack *stack, const struct profile_sum *sum)
{
	bool whole = way->by == PROFILE_CALLERS && stack->count;

	t->stamp++;
	t->all.minor += sum->minor;
	t->all.major += sum->major;
	t->all.pages += sum->pages;
	if (way->by == PROFILE_OWN) {
		count_own(t, way, p, ip, stack, sum);
		return stack->count + 1;
	}
	for (size_t i = whole ? stack->count : 1; i-- > 0;)
		count_code(t, way, p, whole ? stack->ips[i] : ip, way->by == PROFILE_CALLERS ? SIZE_MAX : 0,
			   0, 0, sum);
	return whole ? stack->count : 1;
}

void profile_tree_add_rest(struct profile_tree *t, const struct profile_sum *sum)
{
	if (!sum->pages && !sum->minor && !sum->major)
		return;
	t->stamp++;
	t->all.minor += sum->minor;
	t->all.major += sum->major;
	t->all.pages += sum->pages;
	count(t, 0, &(struct node_key){ PROFILE_REST, "", "" }, sum);
}

/* --- order --- */

/* Siblings are adjacent, in the order in which they are shown. */
static int compare(const void *a, const void *b, void *context)
{
	const struct profile_node *nodes = context;
	uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
	const struct profile_node *x = &nodes[i], *y = &nodes[j];
	uint64_t m = x->sum.minor + x->sum.major, n = y->sum.minor + y->sum.major;

	if (x->parent != y->parent)
		return x->parent < y->parent ? -1 : 1;
	if (x->sum.pages != y->sum.pages)
		return x->sum.pages < y->sum.pages ? 1 : -1;
	if (m != n)
		return m < n ? 1 : -1;
	return i < j ? -1 : i > j;
}

struct walk {
	struct profile_tree *tree;
	const uint32_t *sorted; /* all nodes, siblings together */
	/* of each node, and before them of the top: where its children begin in `sorted` */
	const uint32_t *first;
	uint32_t *order;
	size_t count;
	bool (*is_open)(const void *, const struct profile_node *);
	const void *context;
};

/* Adds the nodes below the one with this number; 0: the top. Depth is bounded by that of a stack. */
static void walk_below(struct walk *w, uint32_t number)
{
	for (uint32_t i = w->first[number]; i < w->first[number + 1]; i++) {
		struct profile_node *node = &w->tree->nodes[w->sorted[i]];

		w->order[w->count++] = w->sorted[i];
		node->open = node->below && w->is_open && w->is_open(w->context, node);
		if (node->open)
			walk_below(w, w->sorted[i] + 1);
	}
}

size_t profile_tree_order(struct profile_tree *t, uint32_t *order,
			  bool (*is_open)(const void *, const struct profile_node *), const void *context)
{
	uint32_t *sorted = mem_alloc((t->count + 1) * sizeof *sorted),
		 *first = mem_zalloc((t->count + 2) * sizeof *first);
	struct walk walk = { t, sorted, first, order, 0, is_open, context };

	for (uint32_t i = 0; i < t->count; i++) {
		sorted[i] = i;
		first[t->nodes[i].parent + 1]++;
	}
	for (size_t i = 0; i <= t->count; i++)
		first[i + 1] += first[i];
	if (t->count > 1)
		qsort_r(sorted, t->count, sizeof *sorted, compare, t->nodes);
	walk_below(&walk, 0);
	free(sorted);
	free(first);
	return walk.count;
}

void profile_tree_clear(struct profile_tree *t)
{
	for (size_t i = 0; i < t->count; i++) {
		free(t->nodes[i].name);
		free(t->nodes[i].object);
	}
	t->count = 0;
	t->all = (struct profile_sum){ 0 };
	hash_clear(&t->hash);
}

void profile_tree_fini(struct profile_tree *t)
{
	profile_tree_clear(t);
	free(t->nodes);
	hash_fini(&t->hash);
	*t = (struct profile_tree){ 0 };
}
