/* When there are too many points, every other one is dropped, and from then on they come half as often, so
 * their number is bounded, however long the session. */
#include "export/growth.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

void growth_init(struct growth *g, int32_t pid, bool by_name)
{
	memset(g, 0, sizeof *g);
	g->pid = pid;
	g->by_name = by_name;
	texts_add(&g->names, "");
}

void growth_fini(struct growth *g)
{
	for (size_t i = 0; i < g->count; i++)
		free(g->points[i].resident);
	texts_fini(&g->names);
}

/* The index of a region's name. */
static size_t name_of(struct growth *g, const struct region *r)
{
	const char *raw = region_name(&r->attr);
	char *name = text_printable_dup(*raw ? raw : region_kind_name(r->attr.kind),
					strlen(*raw ? raw : region_kind_name(r->attr.kind)));
	uint32_t number;

	if (!texts_find(&g->names, name, &number))
		number = g->names.count <= GROWTH_NAMES ? texts_add(&g->names, name) : GROWTH_REST;
	free(name);
	return number;
}

static void count_names(struct growth *g, struct growth_point *p, const struct space *space)
{
	size_t cap = 0;

	for (size_t i = 0; i < space->count; i++) {
		uint64_t counts[PAGE_STATES] = { 0 };
		size_t name;

		space_add_region_counts(space, space->regions[i], counts);
		if (!page_resident(counts))
			continue;
		name = name_of(g, space->regions[i]);
		mem_grow(p->resident, cap, name + 1);
		while (p->names <= name)
			p->resident[p->names++] = 0;
		p->resident[name] += page_resident(counts);
	}
}

static void thin_out(struct growth *g)
{
	size_t kept = 0;

	for (size_t i = 0; i < g->count; i++) {
		if (i % 2)
			free(g->points[i].resident);
		else
			g->points[kept++] = g->points[i];
	}
	g->count = kept;
	g->period_ns = (g->points[kept - 1].time_ns - g->points[0].time_ns) / kept;
}

static void take_point(struct growth *g, const struct process *p, uint64_t time_ns)
{
	struct growth_point *point;

	if (g->count == GROWTH_POINTS)
		thin_out(g);
	point = &g->points[g->count++];
	*point =
	    (struct growth_point){ .time_ns = time_ns, .minor = process_minor(p), .major = process_major(p) };
	space_add_counts(p->space, point->counts);
	if (g->by_name)
		count_names(g, point, p->space);
}

void growth_take(struct growth *g, const struct process *p, const struct event *e)
{
	if (e->time_ns > g->last_ns)
		g->last_ns = e->time_ns;
	if (p && e->type == EVENT_TICK &&
	    (!g->count || e->time_ns >= g->points[g->count - 1].time_ns + g->period_ns + 1))
		take_point(g, p, e->time_ns);
}

void growth_end(struct growth *g, const struct process *p)
{
	if (g->count && g->points[g->count - 1].time_ns == g->last_ns)
		free(g->points[--g->count].resident);
	take_point(g, p, g->last_ns);
}
