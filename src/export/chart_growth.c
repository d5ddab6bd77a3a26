/* Resident pages over time, stacked: by region above, by state below. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "base/text.h"
#include "export/chart.h"
#include "export/growth.h"

#define LAYERS_MAX 10 /* regions shown by name; the rest is one */

struct growth_chart {
	const struct export_job *job;
	struct growth growth;
};

static void *open(const struct export_job *job)
{
	struct growth_chart *c = mem_zalloc(sizeof *c);

	c->job = job;
	growth_init(&c->growth, job->picture->pid, true);
	return c;
}

static void take(void *context, const struct event *e)
{
	struct growth_chart *c = context;

	growth_take(&c->growth, chart_process(c->job), e);
}

/* One layer of the stack: its pages at each point. */
struct layer {
	const char *name;
	uint32_t rgb;
	uint64_t *pages;
	uint64_t most;
};

static uint64_t resident_of(const struct growth *g, size_t point, size_t name)
{
	return name < g->points[point].names ? g->points[point].resident[name] : 0;
}

static uint64_t most_of(const struct growth *g, size_t name)
{
	uint64_t most = 0;

	for (size_t i = 0; i < g->count; i++)
		if (resident_of(g, i, name) > most)
			most = resident_of(g, i, name);
	return most;
}

static void fill_layer(struct layer *layer, const struct growth *g, size_t name)
{
	for (size_t i = 0; i < g->count; i++) {
		layer->pages[i] += resident_of(g, i, name);
		if (layer->pages[i] > layer->most)
			layer->most = layer->pages[i];
	}
}

struct ranked {
	size_t name;
	uint64_t most;
};

static int by_most(const void *a, const void *b)
{
	const struct ranked *one = a, *other = b;

	if (one->most != other->most)
		return one->most > other->most ? -1 : 1;
	return one->name < other->name ? -1 : one->name > other->name;
}

/* The largest by name, the rest as one. Returns how many. */
static size_t layers_by_region(struct layer *layers, const struct growth *g)
{
	struct ranked *ranked = mem_alloc(g->names.count * sizeof *ranked);
	size_t count = 0;

	for (size_t i = 0; i < g->names.count; i++)
		ranked[i] = (struct ranked){ i, i == GROWTH_REST ? 0 : most_of(g, i) };
	qsort(ranked, g->names.count, sizeof *ranked, by_most);
	for (size_t i = 0; i < g->names.count && ranked[i].most; i++) {
		if (count < LAYERS_MAX)
			layers[count] =
			    (struct layer){ .name = g->names.list[ranked[i].name],
					    .rgb = chart_colour(count),
					    .pages = mem_zalloc((g->count + 1) * sizeof(uint64_t)) };
		else if (count == LAYERS_MAX)
			layers[count] =
			    (struct layer){ .name = _("other regions"),
					    .rgb = 0x909090,
					    .pages = mem_zalloc((g->count + 1) * sizeof(uint64_t)) };
		fill_layer(&layers[min(count, LAYERS_MAX)], g, ranked[i].name);
		count += count <= LAYERS_MAX;
	}
	free(ranked);
	if (count > LAYERS_MAX)
		fill_layer(&layers[LAYERS_MAX], g, GROWTH_REST);
	return count;
}

static size_t layers_by_state(struct layer *layers, const struct growth *g, const struct theme *theme)
{
	size_t count = 0;

	for (int s = 0; s < PAGE_STATES; s++) {
		struct layer *layer = &layers[count];

		if (!page_state_resident((enum page_state)s))
			continue;
		*layer = (struct layer){ .name = page_state_name((enum page_state)s),
					 .rgb = chart_ink(theme, (enum ink)(INK_STATE + s)),
					 .pages = mem_zalloc((g->count + 1) * sizeof(uint64_t)) };
		for (size_t i = 0; i < g->count; i++) {
			layer->pages[i] = g->points[i].counts[s];
			layer->most = max(layer->pages[i], layer->most);
		}
		count++;
	}
	return count;
}

/* Draws a layer on top of those below it, in steps: between two looks nothing is known. */
static void draw_layer(struct drawing *d, const struct chart_axes *axes, const struct growth *g,
		       const struct layer *layer, uint64_t *below)
{
	double *corners = mem_alloc((g->count + 1) * 8 * sizeof *corners);
	size_t n = 0;

	for (int back = 0; back < 2; back++)
		for (size_t k = 0; k < g->count; k++) {
			size_t i = back ? g->count - 1 - k : k;
			double left = chart_x(axes, g->points[i].time_ns);
			double right = i + 1 < g->count ? chart_x(axes, g->points[i + 1].time_ns)
							: axes->x + axes->width;
			double y = chart_y(axes, below[i] + (back ? 0 : layer->pages[i]));

			corners[n++] = back ? right : left;
			corners[n++] = y;
			corners[n++] = back ? left : right;
			corners[n++] = y;
		}
	if (n)
		drawing_polygon(d, corners, n / 2, layer->rgb);
	for (size_t i = 0; i < g->count; i++)
		below[i] += layer->pages[i];
	free(corners);
}

/* A diagram with its legend at the right. */
static void draw_layers(struct drawing *d, struct chart_axes *axes, const struct growth *g,
			const struct layer *layers, size_t count, const char *title)
{
	const struct drawing_text heading = { DRAWING_FONT_LABEL, 13, true,
					      chart_ink(axes->theme, INK_TEXT) };
	uint64_t *below = mem_zalloc((g->count + 1) * sizeof *below);
	double key = axes->y + 22;

	for (size_t i = 0; i < g->count; i++) {
		uint64_t all = 0;

		for (size_t k = 0; k < count; k++)
			all += layers[k].pages[i];
		axes->most = max(all, axes->most);
	}
	chart_axes_draw(d, axes);
	drawing_text(d, axes->x + axes->width + 16, axes->y + 4, &heading, title);
	for (size_t k = 0; k < count; k++)
		draw_layer(d, axes, g, &layers[k], below);
	for (size_t k = count; k-- > 0;) { /* in the order of the layers */
		const struct drawing_text label = { DRAWING_FONT_LABEL, 12, false,
						    chart_ink(axes->theme, INK_TEXT) };
		struct strbuf text = { 0 };
		char most[16];

		if (!layers[k].most)
			continue;
		strbuf_printf(&text, _("%s, at most %s"), layers[k].name,
			      text_size(most, layers[k].most << axes->page_shift));
		drawing_fill(d, axes->x + axes->width + 16, key - 9, 10, 10, layers[k].rgb);
		drawing_text_fit(d, axes->x + axes->width + 31, key, 190, &label, text.text);
		strbuf_fini(&text);
		key += 18;
	}
	free(below);
}

static void free_layers(struct layer *layers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(layers[i].pages);
}

static void draw(void *context, struct drawing *d, const struct process *p, double width, double height)
{
	struct growth_chart *c = context;
	struct growth *g = &c->growth;
	const struct theme *theme = c->job->picture->theme;
	double each = (height - CHART_HEAD - CHART_MARGIN - 60) / 2;
	struct chart_axes axes = { .x = CHART_MARGIN + 50,
				   .y = CHART_HEAD + 16,
				   .width = width - 2 * CHART_MARGIN - 290,
				   .height = each,
				   .page_shift = p->space->page_shift,
				   .theme = theme };
	struct layer layers[LAYERS_MAX + 1 + PAGE_STATES] = { 0 };
	char *command = chart_command(p);
	size_t count;

	growth_end(g, p);
	axes.from_ns = g->points[0].time_ns;
	axes.to_ns = g->points[g->count - 1].time_ns;
	chart_title(d, c->job, width, command, _("resident memory over time"));
	free(command);
	count = layers_by_region(layers, g);
	draw_layers(d, &axes, g, layers, count, _("by region"));
	free_layers(layers, count);
	axes.y += each + 40;
	axes.most = 0;
	count = layers_by_state(layers, g, theme);
	draw_layers(d, &axes, g, layers, count, _("by state"));
	free_layers(layers, count);
}

static void close(void *context)
{
	struct growth_chart *c = context;

	growth_fini(&c->growth);
	free(c);
}

const struct chart chart_growth = { open, take, NULL, draw, close };
