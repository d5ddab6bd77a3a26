/* Each fault is looked up twice. If a later mapping holds its address, then it was not in what is there now.
 * The last mapping before it, or else what left the model, shows what it was in. The kernel also reports a
 * mapping, of all of the memory, when memory gets other rights or grows (brk, a stack), though it is the same
 * memory. If anonymous memory replaces anonymous memory, that looks the same, and counts as the same. */
#include "live/remap.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define NONE SIZE_MAX
#define CHANGES_FOLLOWED 64 /* of rights or size of one memory */

static void list_drop(struct remap_list *l, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free((char *)l->list[i].attr.path);
	l->count -= n;
	if (n && l->count)
		memmove(l->list, l->list + n, l->count * sizeof *l->list);
}

/* The path becomes the list's. */
static void list_add(struct remap_list *l, uint64_t time_ns, const struct region_attr *attr)
{
	if (l->count >= REMAP_KEPT)
		list_drop(l, REMAP_KEPT / 2);
	mem_grow(l->list, l->cap, l->count + 1);
	size_t at = l->count++;
	for (; at && l->list[at - 1].time_ns > time_ns; at--)
		l->list[at] = l->list[at - 1];
	l->list[at] = (struct remap_region){ time_ns, *attr };
}

void remap_fini(struct remap *g)
{
	list_drop(&g->mapped, g->mapped.count);
	list_drop(&g->left, g->left.count);
	free(g->mapped.list);
	free(g->left.list);
	free(g->spans);
	free(g->of_record);
	free(g->of_code);
	free(g->memory);
	free(g->fresh_ns);
	free(g->shown);
	free(g->shown_ids);
	*g = (struct remap){ 0 };
}

void remap_take(struct remap *g, struct fault_batch *batch)
{
	for (size_t i = 0; i < batch->mapping_count; i++)
		list_add(&g->mapped, batch->mappings[i].time_ns, &batch->mappings[i].attr);
	batch->mapping_count = 0;
}

bool remap_mapped_since(const struct remap *g, uint64_t clock_ns)
{
	return g->mapped.count && g->mapped.list[g->mapped.count - 1].time_ns > clock_ns;
}

/* A region that only grows has lost nothing. */
static bool shrinks(const struct region_attr *was, const struct region_attr *now)
{
	return now->start > was->start || now->end < was->end;
}

void remap_note(struct remap *g, const struct event *e, const struct space *space, uint64_t clock_ns)
{
	if ((e->type != EVENT_UNMAP && e->type != EVENT_CHANGE) || g->shown_count)
		return;
	const struct region *r = space_find_near(space, e->region.id, e->region.attr.start);
	if (!r || (e->type == EVENT_CHANGE && !shrinks(&r->attr, &e->region.attr)))
		return;
	struct region_attr attr = r->attr;
	attr.path = mem_strdup(attr.path);
	list_add(&g->left, clock_ns, &attr);
}

static void forget(struct remap_list *l, uint64_t clock_ns)
{
	size_t n = 0;
	while (n < l->count && l->list[n].time_ns < clock_ns)
		n++;
	list_drop(l, n);
}

void remap_forget(struct remap *g, uint64_t mapped_ns, uint64_t left_ns)
{
	forget(&g->mapped, mapped_ns);
	forget(&g->left, left_ns);
}

static int by_start(const void *a, const void *b)
{
	const struct remap_span *x = a, *y = b;
	return (x->start > y->start) - (x->start < y->start);
}

static void sort_spans(struct remap *g)
{
	uint64_t reach = 0;
	mem_grow(g->spans, g->span_cap, g->mapped.count);
	for (size_t i = 0; i < g->mapped.count; i++) {
		const struct region_attr *a = &g->mapped.list[i].attr;
		g->spans[i] = (struct remap_span){ a->start, a->end, 0, i };
	}
	if (g->mapped.count)
		qsort(g->spans, g->mapped.count, sizeof *g->spans, by_start);
	for (size_t i = 0; i < g->mapped.count; i++)
		g->spans[i].reach = reach = g->spans[i].end > reach ? g->spans[i].end : reach;
}

static bool holds(const struct region_attr *a, uint64_t address)
{
	return a->start <= address && address < a->end;
}

/* The mappings that hold an address: the last one up to a given time, the one before that, and whether there
 * was a later one. */
struct mappings {
	size_t last, before;
	bool later;
};

/* Only the first `count` mappings are searched. */
static struct mappings find_mappings(const struct remap *g, uint64_t address, uint64_t time_ns, size_t count)
{
	struct mappings m = { NONE, NONE, false };
	size_t low = 0, high = g->mapped.count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (g->spans[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	while (low-- > 0 && g->spans[low].reach > address) {
		const struct remap_span *span = &g->spans[low];
		if (span->end <= address || span->mapping >= count)
			continue;
		if (g->mapped.list[span->mapping].time_ns > time_ns) {
			m.later = true;
		} else if (m.last == NONE || span->mapping > m.last) {
			m.before = m.last;
			m.last = span->mapping;
		} else if (m.before == NONE || span->mapping > m.before) {
			m.before = span->mapping;
		}
	}
	return m;
}

static size_t find_left(const struct remap *g, uint64_t address)
{
	for (size_t i = g->left.count; i-- > 0;)
		if (holds(&g->left.list[i].attr, address))
			return g->mapped.count + i;
	return NONE;
}

static struct remap_region *region_of(const struct remap *g, size_t number)
{
	return number < g->mapped.count ? &g->mapped.list[number] : &g->left.list[number - g->mapped.count];
}

static bool same_memory(const struct region_attr *a, const struct region_attr *b)
{
	if (a->inode || b->inode)
		return a->inode == b->inode && a->dev_major == b->dev_major && a->dev_minor == b->dev_minor &&
		       a->start - a->offset == b->start - b->offset;
	return (a->perms & REGION_MAY_SHARE) == (b->perms & REGION_MAY_SHARE);
}

/* Finding out about the faults of a batch, and what is known for that. */
struct search {
	struct remap *remap;
	const struct space *space;
	const struct region *data, *code; /* where the fault before lies now, and its code */
	uint64_t maps_ns, began_ns;
};

/* The region that is there now, according to the model; most are in the same region as the one before. */
static const struct region *find_now(const struct search *s, uint64_t address, const struct region **last)
{
	if (!*last || !holds(&(*last)->attr, address))
		*last = space_find(s->space, address);
	return *last;
}

/* 1 + the number of the region that an address was in, if that is not what the model has; 0. */
static size_t find_gone(const struct search *s, const struct region *now, const struct mappings *m,
			uint64_t address)
{
	const struct remap *g = s->remap;
	size_t number = m->last;
	bool behind = number != NONE && g->mapped.list[number].time_ns > s->maps_ns;
	if (now && !m->later && !behind)
		return 0;
	if (number == NONE)
		number = find_left(g, address);
	return number != NONE && (!now || !same_memory(&now->attr, &region_of(g, number)->attr)) ? number + 1
												 : 0;
}

/* The mapping by which memory that the model never saw came: the first of those that only gave it other rights, or
 * more of the same. NONE: there are too many to know. */
static size_t find_origin(const struct remap *g, const struct mappings *m, uint64_t address)
{
	size_t origin = m->last, before = m->before;
	for (int i = 0; i < CHANGES_FOLLOWED; i++) {
		if (before == NONE ||
		    !same_memory(&g->mapped.list[before].attr, &g->mapped.list[origin].attr))
			return origin;
		origin = before;
		before = find_mappings(g, address, UINT64_MAX, origin).last;
	}
	return NONE;
}

/* When the memory that it was in was mapped, by the last mapping before it, unless some of it was there
 * before: other rights, or more of the same, are reported as mappings as well. `now`: what is there now; NULL
 * if it was in what is gone. */
static uint64_t find_fresh(const struct search *s, const struct region *now, const struct mappings *m,
			   uint64_t address)
{
	const struct remap *g = s->remap;
	size_t origin = m->last == NONE || now ? m->last : find_origin(g, m, address);
	if (origin == NONE)
		return 0;
	const struct remap_region *mapping = &g->mapped.list[origin];
	const struct region_attr *memory = now ? &now->attr : &mapping->attr;
	size_t left = find_left(g, address);
	bool was_there = (now && now->born_ns + s->began_ns < mapping->time_ns) ||
			 (now && m->before != NONE && same_memory(&g->mapped.list[m->before].attr, memory)) ||
			 (left != NONE && same_memory(&region_of(g, left)->attr, memory));
	return was_there ? 0 : mapping->time_ns;
}

static bool search_one(struct search *s, const struct fault_record *r, size_t i)
{
	struct remap *g = s->remap;
	const struct region *now = find_now(s, r->address, &s->data);
	struct mappings m = find_mappings(g, r->address, r->time_ns, g->mapped.count);
	g->of_record[i] = find_gone(s, now, &m, r->address);
	g->memory[i] = !g->of_record[i]                    ? TOUCH_IN_PRESENT
		       : g->of_record[i] > g->mapped.count ? TOUCH_IN_LEFT
							   : TOUCH_IN_UNSEEN;
	g->fresh_ns[i] = g->memory[i] == TOUCH_IN_PRESENT && !now
			     ? 0
			     : find_fresh(s, g->memory[i] ? NULL : now, &m, r->address);
	g->of_code[i] = 0;
	if (!(r->ip >> 63)) {
		now = find_now(s, r->ip, &s->code);
		m = find_mappings(g, r->ip, r->time_ns, g->mapped.count);
		g->of_code[i] = find_gone(s, now, &m, r->ip);
	}
	return g->memory[i] || g->fresh_ns[i] || g->of_code[i];
}

bool remap_find(struct remap *g, const struct fault_batch *batch, const struct space *space, uint64_t maps_ns,
		uint64_t began_ns)
{
	struct search s = { g, space, NULL, NULL, maps_ns, began_ns };
	bool any = false;
	if (!g->mapped.count && !g->left.count)
		return false;
	sort_spans(g);
	mem_grow(g->of_record, g->record_cap, batch->count);
	mem_grow(g->of_code, g->code_cap, batch->count);
	mem_grow(g->memory, g->memory_cap, batch->count);
	mem_grow(g->fresh_ns, g->fresh_cap, batch->count);
	for (size_t i = 0; i < batch->count; i++)
		any |= search_one(&s, &batch->records[i], i);
	return any;
}

const struct region_attr *remap_of(const struct remap *g, size_t record)
{
	return g->of_record[record] ? &region_of(g, g->of_record[record] - 1)->attr : NULL;
}

static void send(struct sink *sink, const struct event *stamp, enum event_type type, uint64_t id,
		 const struct region_attr *attr)
{
	struct event e = { .type = type, .time_ns = stamp->time_ns, .pid = stamp->pid };
	e.region.id = id;
	e.region.attr = *attr;
	sink_send(sink, &e);
}

static void hide(struct remap *g, size_t i, struct sink *sink, const struct event *stamp)
{
	send(sink, stamp, EVENT_UNMAP, g->shown_ids[i], &region_of(g, g->shown[i])->attr);
	g->shown_count--;
	g->shown[i] = g->shown[g->shown_count];
	g->shown_ids[i] = g->shown_ids[g->shown_count];
}

static void show(struct remap *g, size_t number, const struct space *space, struct sink *sink,
		 const struct event *stamp)
{
	for (size_t i = 0; i < g->shown_count; i++)
		if (g->shown[i] == number)
			return;
	mem_grow(g->shown, g->shown_cap, g->shown_count + 1);
	mem_grow(g->shown_ids, g->id_cap, g->shown_count + 1);
	g->shown[g->shown_count] = number;
	g->shown_ids[g->shown_count++] = space->next_id;
	send(sink, stamp, EVENT_MAP, space->next_id, &region_of(g, number)->attr);
}

/* Is a region in the way of an address that was in `number` (1 + that; 0: in what is there now)? */
static bool in_the_way(const struct remap *g, size_t shown, size_t number, uint64_t address)
{
	return shown + 1 != number && holds(&region_of(g, shown)->attr, address);
}

void remap_show(struct remap *g, size_t record, const struct fault_batch *batch, const struct space *space,
		struct sink *sink, const struct event *stamp)
{
	const struct fault_record *r = record == SIZE_MAX ? NULL : &batch->records[record];
	for (size_t i = g->shown_count; i-- > 0;)
		if (!r || in_the_way(g, g->shown[i], g->of_record[record], r->address) ||
		    in_the_way(g, g->shown[i], g->of_code[record], r->ip))
			hide(g, i, sink, stamp);
	if (r && g->of_record[record])
		show(g, g->of_record[record] - 1, space, sink, stamp);
	if (r && g->of_code[record])
		show(g, g->of_code[record] - 1, space, sink, stamp);
}

void remap_find_kinds(struct remap *m, struct reader *reader, const struct space *space)
{
	struct remap_list *mapped = &m->mapped;
	struct region_list list = { 0 };
	mem_grow(list.attrs, list.cap, space->count + mapped->count);
	for (; list.count < space->count; list.count++)
		list.attrs[list.count] = space->regions[list.count]->attr;
	for (size_t i = 0; i < mapped->count; i++)
		list.attrs[list.count++] = mapped->list[i].attr;
	reader_set_kinds(reader, &list);
	for (size_t i = 0; i < mapped->count; i++)
		mapped->list[i].attr = list.attrs[space->count + i];
	region_list_fini(&list);
}
