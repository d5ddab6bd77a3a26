/* When there are too many points every other one goes, and from then on they come half as often: so their
 * number is bounded, however long the session. */
#include "export/growth.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

static size_t add_name(struct growth *g, const char *name)
{
	mem_grow(g->names, g->name_cap, g->name_count + 1);
	g->names[g->name_count++] = mem_strdup(name);
	hash_add(&g->hash, hash_text(name), (uint32_t)g->name_count);
	return g->name_count - 1;
}

void growth_init(struct growth *g, int32_t pid, bool by_name)
{
	memset(g, 0, sizeof *g);
	g->pid = pid;
	g->by_name = by_name;
	add_name(g, "");
}

void growth_fini(struct growth *g)
{
	for (size_t i = 0; i < g->count; i++)
		free(g->points[i].resident);
	for (size_t i = 0; i < g->name_count; i++)
		free(g->names[i]);
	free(g->names);
	hash_fini(&g->hash);
}

/* The index of a region's name. */
static size_t name_of(struct growth *g, const struct region *r)
{
	const char *raw = region_name(&r->attr);
	char *name = text_printable_dup(*raw ? raw : region_kind_name(r->attr.kind),
					strlen(*raw ? raw : region_kind_name(r->attr.kind)));
	struct hash_iter iter = hash_iter(&g->hash, hash_text(name));
	uint32_t number;

	while ((number = hash_next(&iter)) && strcmp(g->names[number - 1], name) != 0)
		;
	if (!number && g->name_count <= GROWTH_NAMES)
		number = (uint32_t)add_name(g, name) + 1;
	free(name);
	return number ? number - 1 : GROWTH_REST;
}

static void count_names(struct growth *g, struct growth_point *p, const struct space *space)
{
	size_t cap = 0;

	for (size_t i = 0; i < space->count; i++) {
		uint64_t counts[PAGE_STATES] = { 0 };
		size_t name;

		space_count_region(space, space->regions[i], counts);
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
	space_count(p->space, point->counts);
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
