/* A flame graph: each function a bar as wide as the pages that came in while it ran, on the function that
 * called it. Functions of one level are sorted by name, so that two graphs can be compared; those too narrow
 * to be seen are left out. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "export/chart.h"
#include "export/flame.h"

#define BAR 18.0
#define NARROWEST 0.5

struct flame_chart {
	const struct export_job *job;
	struct flame flame;
	uint32_t *order; /* nodes by parent, then name */
	bool summed;
};

static void *open(const struct export_job *job)
{
	struct flame_chart *c = mem_zalloc(sizeof *c);

	c->job = job;
	flame_init(&c->flame);
	return c;
}

static void take(void *context, const struct event *e)
{
	struct flame_chart *c = context;
	const struct process *p = e->type == EVENT_FAULT ? world_find(c->job->world, e->pid) : NULL;

	if (p && (!c->job->picture->pid || p->pid == c->job->picture->pid))
		flame_add(&c->flame, c->job->names, p, e);
}

static int by_parent(const void *a, const void *b, void *context)
{
	const struct flame *f = context;
	const struct flame_node *one = &f->nodes[*(const uint32_t *)a],
				*other = &f->nodes[*(const uint32_t *)b];

	if (one->parent != other->parent)
		return one->parent < other->parent ? -1 : 1;
	return strcmp(f->names.list[one->name], f->names.list[other->name]);
}

static void sum(struct flame_chart *c)
{
	if (c->summed)
		return;
	c->summed = true;
	flame_sum(&c->flame);
	c->order = mem_alloc(c->flame.count * sizeof *c->order);
	for (uint32_t i = 0; i < c->flame.count; i++)
		c->order[i] = i;
	qsort_r(c->order + 1, c->flame.count - 1, sizeof *c->order, by_parent, &c->flame);
}

static double width_of(const struct flame_chart *c, const struct flame_node *node, double width)
{
	uint64_t all = c->flame.nodes[0].pages;

	return all ? width * (double)node->pages / (double)all : 0;
}

static double height(void *context, double width)
{
	struct flame_chart *c = context;
	uint32_t deepest = 0;

	sum(c);
	for (size_t i = 0; i < c->flame.count; i++)
		if (c->flame.nodes[i].depth > deepest && width_of(c, &c->flame.nodes[i], width) >= NARROWEST)
			deepest = c->flame.nodes[i].depth;
	return CHART_HEAD + 20 + (deepest + 1) * BAR + CHART_MARGIN;
}

/* Warm colours that differ by name; the same name has the same colour in all pictures of all versions, so
 * base/hash.h, which may change, is not used. FNV-1a with 32 bits. */
static uint32_t colour_of(const char *name)
{
	uint32_t hash = 2166136261u;

	for (const char *c = name; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 16777619u;
	hash ^= hash >> 15;
	if (*name == '[') /* not a function */
		return 0xb4b4b4 + hash % 24 * 0x010101;
	return (0xd8 + hash % 0x20) << 16 | (0x80 + hash / 32 % 0x58) << 8 | (0x28 + hash / 4096 % 0x30);
}

static void draw_bar(const struct flame_chart *c, struct drawing *d, const struct flame_node *node, double x,
		     double y, double width)
{
	const struct drawing_text label = { DRAWING_FONT_LABEL, 12, false, 0x000000 };
	const char *name = node->depth ? c->flame.names.list[node->name] : _("all");

	drawing_fill(d, x, y, width > 1 ? width - 0.5 : width, BAR - 1,
		     node->depth ? colour_of(name) : 0xc8c8c8);
	if (width > 20)
		drawing_text_fit(d, x + 3, y + 13, width - 6, &label, name);
}

static void draw_title(const struct flame_chart *c, struct drawing *d, const struct process *p, double width,
		       size_t left_out)
{
	char *command = chart_command(p);
	char pages[16], faults[16], size[16];
	struct strbuf below = { 0 };

	text_count(pages, c->flame.nodes[0].pages);
	text_count(faults, c->flame.nodes[0].faults);
	text_size(size, c->flame.nodes[0].pages << p->space->page_shift);
	strbuf_printf(&below,
		      ngettext("%s page (%s)", "%s pages (%s)", (unsigned long)c->flame.nodes[0].pages),
		      pages, size);
	strbuf_printf(&below,
		      ngettext(" brought in by %s fault, by the functions on the stack",
			       " brought in by %s faults, by the functions on the stack",
			       (unsigned long)c->flame.nodes[0].faults),
		      faults);
	if (left_out)
		strbuf_printf(&below,
			      ngettext("; %zu function is too narrow to be seen",
				       "; %zu functions are too narrow to be seen", left_out),
			      left_out);
	chart_title(d, c->job, width, command, below.text);
	strbuf_fini(&below);
	free(command);
}

static void draw(void *context, struct drawing *d, const struct process *p, double width, double height)
{
	struct flame_chart *c = context;
	const struct flame *f = &c->flame;
	double *x = mem_zalloc(f->count * sizeof *x); /* where the next child of each begins */
	double base = height - CHART_MARGIN - BAR, whole = width - 2 * CHART_MARGIN;
	size_t left_out = 0;

	sum(c);
	x[0] = CHART_MARGIN;
	draw_bar(c, d, &f->nodes[0], x[0], base, whole);
	/* a parent comes before its children in `order`, because it was made before them */
	for (size_t i = 1; i < f->count; i++) {
		const struct flame_node *node = &f->nodes[c->order[i]];
		double wide = width_of(c, node, whole);

		x[c->order[i]] = x[node->parent];
		x[node->parent] += wide;
		if (wide < NARROWEST)
			left_out++;
		else
			draw_bar(c, d, node, x[c->order[i]], base - node->depth * BAR, wide);
	}
	draw_title(c, d, p, width, left_out);
	free(x);
}

static void close(void *context)
{
	struct flame_chart *c = context;

	flame_fini(&c->flame);
	free(c->order);
	free(c);
}

const struct chart chart_flame = { open, take, height, draw, close };
