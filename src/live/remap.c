/* Each fault is looked up twice. If a later mapping holds its address, then the fault was not in what is
 * there now. The last mapping before it, or else what left the model, shows what it was in. The kernel also
 * reports a mapping of the whole region when memory gets other rights or grows (brk, a stack), though it is
 * the same memory. If anonymous memory replaces anonymous memory, that looks the same, and counts as the
 * same. */
#include "live/remap.h"

#include <stdlib.h>
#include <string.h>

#include "base/bisect.h"
#include "base/mem.h"
#include "base/minmax.h"

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

/* Adds a region. The list takes over the path. */
static void list_add(struct remap_list *l, uint64_t time_ns, const struct region_attr *attr, bool zero)
{
	if (l->count >= REMAP_KEPT)
		list_drop(l, REMAP_KEPT / 2);
	mem_grow(l->list, l->cap, l->count + 1);
	size_t at = l->count++;
	for (; at && l->list[at - 1].time_ns > time_ns; at--)
		l->list[at] = l->list[at - 1];
	l->list[at] = (struct remap_region){ time_ns, *attr, zero };
}

static void answers_fini(struct remap_answers *a)
{
	free(a->region);
	free(a->code);
	free(a->memory);
	free(a->fresh_ns);
	free(a->unreported);
	free(a->last_ns);
	free(a->later);
	free(a->growth);
}

void remap_fini(struct remap *g)
{
	list_drop(&g->mapped, g->mapped.count);
	list_drop(&g->left, g->left.count);
	list_drop(&g->brought, g->brought.count);
	free(g->brought.list);
	free(g->mapped.list);
	free(g->left.list);
	free(g->spans);
	answers_fini(&g->answers);
	free(g->shown.list);
	*g = (struct remap){ 0 };
}

/* Can the report be of a region that was thought to be brought by mremap? */
static bool reports(const struct region_attr *mapped, const struct region_attr *a)
{
	return mapped->start < a->end && a->start < mapped->end && !region_is_closed(mapped);
}

static void forget_brought(struct remap *g, const struct region_attr *mapped)
{
	size_t kept = 0;
	for (size_t i = 0; i < g->brought.count; i++)
		if (reports(mapped, &g->brought.list[i].attr))
			free((char *)g->brought.list[i].attr.path);
		else
			g->brought.list[kept++] = g->brought.list[i];
	g->brought.count = kept;
}

void remap_take(struct remap *g, struct fault_batch *batch)
{
	for (size_t i = 0; i < batch->mapping_count; i++) {
		forget_brought(g, &batch->mappings[i].attr);
		list_add(&g->mapped, batch->mappings[i].time_ns, &batch->mappings[i].attr, false);
	}
	batch->mapping_count = 0;
}

void remap_lose(struct remap *g, uint64_t clock_ns)
{
	g->lost_ns = clock_ns;
}

bool remap_has_lost(const struct remap *g)
{
	return g->lost_ns;
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

static bool holds(const struct region_attr *a, uint64_t address)
{
	return a->start <= address && address < a->end;
}

static bool same_memory(const struct region_attr *a, const struct region_attr *b)
{
	if ((a->perms & REGION_MAY_SHARE) != (b->perms & REGION_MAY_SHARE))
		return false;
	return a->inode == b->inode &&
	       (!a->inode || (a->dev_major == b->dev_major && a->dev_minor == b->dev_minor &&
			      a->start - a->offset == b->start - b->offset));
}

/* Has the model the same part of the same file at that place? Then its region was split, or has other rights: what mremap
 * brings is another part, or was elsewhere before. */
static bool was_there(const struct space *space, const struct region_attr *attr)
{
	const struct region *r = space_find(space, attr->start);
	return attr->inode && r && r->attr.end >= attr->end && !region_is_closed(&r->attr) &&
	       same_memory(&r->attr, attr);
}

/* A new region, or one that has become another: the rings may still hold the report of it. The last report counts: one of
 * memory without rights is of the place that mremap brought something to. */
static void note_brought(struct remap *g, const struct event *e, const struct space *space, uint64_t clock_ns)
{
	struct region_attr attr = e->region.attr;
	for (size_t i = g->mapped.count; i-- > 0;) {
		const struct region_attr *mapped = &g->mapped.list[i].attr;
		if (reports(mapped, &attr))
			return;
		if (mapped->start <= attr.start && mapped->end >= attr.end)
			break;
	}
	if (region_is_closed(&attr) || was_there(space, &attr))
		return;
	attr.path = mem_strdup(attr.path);
	list_add(&g->brought, clock_ns, &attr, false);
}

void remap_note_read(struct remap *g)
{
	list_drop(&g->brought, g->brought.count);
}

bool remap_is_unread(const struct remap *g, uint64_t address)
{
	for (size_t i = g->brought.count; i-- > 0;)
		if (holds(&g->brought.list[i].attr, address))
			return true;
	return false;
}

void remap_note(struct remap *g, const struct event *e, const struct space *space, uint64_t clock_ns)
{
	if ((e->type == EVENT_MAP || e->type == EVENT_CHANGE) && !g->shown.count)
		note_brought(g, e, space, clock_ns);
	if ((e->type != EVENT_UNMAP && e->type != EVENT_CHANGE) || g->shown.count)
		return;
	const struct region *r = space_find_near(space, e->region.id, e->region.attr.start);
	if (!r || (e->type == EVENT_CHANGE && !shrinks(&r->attr, &e->region.attr)))
		return;
	struct region_attr attr = r->attr;
	uint64_t counts[RUNS_VALUES] = { 0 };
	runs_count(space->pages, region_first(space, r), region_end(space, r), counts);
	attr.path = mem_strdup(attr.path);
	list_add(&g->left, clock_ns, &attr, page_sum(counts, page_state_zeroes) != 0);
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
	if (g->lost_ns < mapped_ns)
		g->lost_ns = 0;
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
		g->spans[i].reach = reach = max(g->spans[i].end, reach);
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
	size_t at;

	bisect(at, 0, g->mapped.count, g->spans[at].start <= address);
	while (at-- > 0 && g->spans[at].reach > address) {
		const struct remap_span *span = &g->spans[at];
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

static bool is_plain(const struct region_attr *a)
{
	return !region_has_file(a) && !(a->perms & REGION_MAY_SHARE);
}

/* The search for where the faults of a batch were, with what is known for it. */
struct search {
	struct remap *remap;
	const struct space *space;
	const struct region *data, *code; /* the present regions of the previous fault and its code */
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
	/* it cannot have been touched: mremap has replaced it */
	if (number != NONE && region_is_closed(&region_of(g, number)->attr))
		return 0;
	return number != NONE && (!now || !same_memory(&now->attr, &region_of(g, number)->attr)) ? number + 1
												 : 0;
}

/* The mapping that created memory which the model never saw: the first of those that only gave it other
 * rights, or more of the same. NONE: there are too many to know. */
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

static enum remap_growth find_growth(const struct search *s, const struct region *now,
				     const struct mappings *m, const struct fault_record *r)
{
	const struct remap *g = s->remap;
	uint64_t page = UINT64_C(1) << s->space->page_shift;
	if (m->last == NONE)
		return REMAP_GROWN_NOT;
	const struct remap_region *mapping = &g->mapped.list[m->last];
	const struct region_attr *a = &mapping->attr;
	if (!is_plain(a) || a->start != (r->address & ~(page - 1)) || a->end - a->start <= page)
		return REMAP_GROWN_NOT;
	if (r->has_code)
		return mapping->time_ns > r->after_ns ? REMAP_GROWN : REMAP_GROWN_NOT;
	size_t above = find_mappings(g, a->end - 1, UINT64_MAX, m->last).last;
	const struct region *end = space_find(s->space, a->end - 1);
	if ((above == NONE || !is_plain(&g->mapped.list[above].attr)) &&
	    (!end || end->born_ns + s->began_ns >= mapping->time_ns))
		return REMAP_GROWN_NOT;
	return now && now->attr.end == a->end && !m->later ? REMAP_GROWN_MAYBE : REMAP_GROWN_GONE;
}

static bool search_one(struct search *s, const struct fault_record *r, size_t i)
{
	const struct remap *g = s->remap;
	struct remap_answers *a = &s->remap->answers;
	const struct region *now = find_now(s, r->address, &s->data);
	struct mappings m = find_mappings(g, r->address, r->time_ns, g->mapped.count);
	a->unreported[i] = m.last == NONE || region_is_closed(&g->mapped.list[m.last].attr);
	a->region[i] = find_gone(s, now, &m, r->address);
	a->memory[i] = !a->region[i]                    ? TOUCH_IN_PRESENT
		       : a->region[i] > g->mapped.count ? TOUCH_IN_LEFT
							: TOUCH_IN_UNSEEN;
	a->fresh_ns[i] = a->memory[i] == TOUCH_IN_PRESENT && !now
			     ? 0
			     : find_fresh(s, a->memory[i] ? NULL : now, &m, r->address);
	if (a->unreported[i])
		a->fresh_ns[i] = 0;
	a->last_ns[i] = m.last == NONE ? 0 : g->mapped.list[m.last].time_ns;
	a->later[i] = m.later;
	a->growth[i] = find_growth(s, now, &m, r);
	a->code[i] = 0;
	if (!(r->ip >> 63)) {
		now = find_now(s, r->ip, &s->code);
		m = find_mappings(g, r->ip, r->time_ns, g->mapped.count);
		a->code[i] = find_gone(s, now, &m, r->ip);
	}
	return a->memory[i] || a->fresh_ns[i] || a->code[i] || a->later[i] || a->last_ns[i];
}

static void grow_answers(struct remap_answers *a, size_t count)
{
	mem_grow(a->region, a->region_cap, count);
	mem_grow(a->code, a->code_cap, count);
	mem_grow(a->memory, a->memory_cap, count);
	mem_grow(a->fresh_ns, a->fresh_cap, count);
	mem_grow(a->unreported, a->unreported_cap, count);
	mem_grow(a->last_ns, a->last_cap, count);
	mem_grow(a->later, a->later_cap, count);
	mem_grow(a->growth, a->growth_cap, count);
}

bool remap_find(struct remap *g, const struct fault_batch *batch, const struct space *space, uint64_t maps_ns,
		uint64_t began_ns)
{
	struct search s = { g, space, NULL, NULL, maps_ns, began_ns };
	bool any = false;
	g->answers.found = g->mapped.count || g->left.count;
	if (!g->answers.found)
		return false;
	sort_spans(g);
	grow_answers(&g->answers, batch->count);
	for (size_t i = 0; i < batch->count; i++)
		any |= search_one(&s, &batch->records[i], i);
	return any;
}

const struct region_attr *remap_of(const struct remap *g, size_t record)
{
	return g->answers.region[record] ? &region_of(g, g->answers.region[record] - 1)->attr : NULL;
}

bool remap_was_mapped(const struct remap *g, size_t record)
{
	return g->answers.last_ns[record];
}

uint64_t remap_fresh_ns(const struct remap *g, size_t record)
{
	return g->answers.fresh_ns[record];
}

enum remap_growth remap_growth_of(const struct remap *g, size_t record)
{
	return g->answers.growth[record];
}

bool remap_is_unreported(const struct remap *g, size_t record)
{
	return !g->answers.found || g->answers.unreported[record];
}

struct touch_past remap_past(const struct remap *g)
{
	const struct remap_answers *a = &g->answers;
	return (struct touch_past){ a->memory, a->fresh_ns, a->last_ns, a->later };
}

/* Is it still where it was? */
static bool is_there(const struct space *space, const struct region_attr *a)
{
	for (uint64_t at = a->start; at < a->end;) {
		const struct region *r = space_find(space, at);
		if (!r || !same_memory(&r->attr, a))
			return false;
		at = r->attr.end;
	}
	return true;
}

enum remap_moved remap_moved(const struct remap *g, const struct space *space, bool *zero)
{
	unsigned others = 0; /* rights of other memory that it can have been */
	*zero = false;
	for (size_t i = 0; i < g->mapped.count + g->left.count; i++) {
		const struct remap_region *r = region_of(g, i);
		if (!is_plain(&r->attr) && !is_there(space, &r->attr))
			others |= r->attr.perms;
		*zero = *zero || r->zero;
	}
	for (size_t i = 0; i < space->count; i++) /* mremap can make a second mapping of shared memory */
		if (space->regions[i]->attr.perms & REGION_MAY_SHARE)
			others |= space->regions[i]->attr.perms;
	if (g->lost_ns || others & REGION_WRITE)
		return REMAP_MOVED_UNKNOWN;
	return others & (REGION_READ | REGION_EXEC) ? REMAP_MOVED_WRITABLE : REMAP_MOVED_ALL;
}

static void send(struct remap *g, struct sink *sink, const struct event *stamp, enum event_type type,
		 const struct remap_shown_region *shown)
{
	struct event e = { .type = type, .time_ns = stamp->time_ns, .pid = stamp->pid };
	struct region_attr *attr = &e.region.attr;
	e.region.id = shown->id;
	*attr = region_of(g, shown->number)->attr;
	if (attr->inode)
		attr->offset += shown->start - attr->start;
	attr->start = shown->start;
	attr->end = shown->end;
	sink_send(sink, &e);
}

static void hide(struct remap *g, size_t i, struct sink *sink, const struct event *stamp)
{
	send(g, sink, stamp, EVENT_UNMAP, &g->shown.list[i]);
	g->shown.list[i] = g->shown.list[--g->shown.count];
}

/* Cuts off the parts on both sides of an address that are still there: a heap that has shrunk has lost only
 * its end. */
static void cut(struct remap_shown_region *shown, const struct region_attr *attr, const struct space *space,
		uint64_t address)
{
	for (size_t i = space_find_index(space, attr->start);
	     i < space->count && space->regions[i]->attr.start < attr->end; i++) {
		const struct region_attr *a = &space->regions[i]->attr;
		if (holds(a, address) || !region_same_backing(a, attr))
			continue;
		if (a->end <= address)
			shown->start = max(shown->start, a->end);
		else
			shown->end = min(shown->end, a->start);
	}
}

static bool shows(const struct remap *g, size_t shown, size_t number, uint64_t address)
{
	const struct remap_shown_region *s = &g->shown.list[shown];
	return s->number + 1 == number && s->start <= address && address < s->end;
}

/* `number`: 1 + that of the region. */
static void show(struct remap *g, size_t number, uint64_t address, const struct space *space,
		 struct sink *sink, const struct event *stamp)
{
	const struct region_attr *attr = &region_of(g, number - 1)->attr;
	struct remap_shown_region shown = { number - 1, space->next_id, attr->start, attr->end };
	for (size_t i = 0; i < g->shown.count; i++)
		if (shows(g, i, number, address))
			return;
	cut(&shown, attr, space, address);
	mem_grow(g->shown.list, g->shown.cap, g->shown.count + 1);
	g->shown.list[g->shown.count++] = shown;
	send(g, sink, stamp, EVENT_MAP, &shown);
}

/* Is a region in the way of an address that was in `number` (1 + that; 0: in what is there now)? */
static bool in_the_way(const struct remap *g, size_t shown, size_t number, uint64_t address)
{
	const struct remap_shown_region *s = &g->shown.list[shown];
	return s->start <= address && address < s->end && s->number + 1 != number;
}

void remap_show(struct remap *g, size_t record, const struct fault_batch *batch, const struct space *space,
		struct sink *sink, const struct event *stamp)
{
	const struct fault_record *r = record == SIZE_MAX ? NULL : &batch->records[record];
	for (size_t i = g->shown.count; i-- > 0;)
		if (!r || in_the_way(g, i, g->answers.region[record], r->address) ||
		    in_the_way(g, i, g->answers.code[record], r->ip))
			hide(g, i, sink, stamp);
	if (r && g->answers.region[record])
		show(g, g->answers.region[record], r->address, space, sink, stamp);
	if (r && g->answers.code[record])
		show(g, g->answers.code[record], r->ip, space, sink, stamp);
}

bool remap_show_at(struct remap *g, uint64_t address, uint64_t time_ns, const struct space *space,
		   uint64_t maps_ns, struct sink *sink, const struct event *stamp)
{
	struct search s = { .remap = g, .space = space, .maps_ns = maps_ns };
	while (g->shown.count)
		hide(g, g->shown.count - 1, sink, stamp);
	if (!g->answers.found)
		return false;
	struct mappings m = find_mappings(g, address, time_ns, g->mapped.count);
	size_t number = find_gone(&s, find_now(&s, address, &s.data), &m, address);
	if (number)
		show(g, number, address, space, sink, stamp);
	return number;
}

int remap_rights_at(const struct remap *g, uint64_t address, uint64_t time_ns)
{
	size_t last = g->answers.found ? find_mappings(g, address, time_ns, g->mapped.count).last : NONE;
	return last == NONE ? -1 : g->mapped.list[last].attr.perms;
}

bool remap_is_showing(const struct remap *g)
{
	return g->shown.count;
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
