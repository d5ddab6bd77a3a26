/* Resident pages and faults over time, on one axis, with the notes of the session. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "base/text.h"
#include "export/chart.h"
#include "export/growth.h"

#define COLUMN 4.0 /* the width of a column of faults */

struct timeline_chart {
	const struct export_job *job;
	struct growth growth;
	struct marks marks;
};

static void *open(const struct export_job *job)
{
	struct timeline_chart *c = mem_zalloc(sizeof *c);

	c->job = job;
	growth_init(&c->growth, job->picture->pid, false);
	return c;
}

static void take(void *context, const struct event *e)
{
	struct timeline_chart *c = context;

	if (e->type == EVENT_MARK)
		marks_add(&c->marks, e->time_ns, e->pid, e->mark.text);
	growth_take(&c->growth, chart_process(c->job), e);
}

/* Steps: nothing is known between two looks. */
static void draw_resident(struct drawing *d, struct chart_axes *axes, const struct growth *g)
{
	double *corners = mem_alloc((g->count + 1) * 4 * sizeof *corners);
	size_t n = 0;

	for (size_t i = 0; i < g->count; i++) {
		double y = chart_y(axes, page_resident(g->points[i].counts));

		corners[n++] = chart_x(axes, g->points[i].time_ns);
		corners[n++] = y;
		corners[n++] =
		    i + 1 < g->count ? chart_x(axes, g->points[i + 1].time_ns) : axes->x + axes->width;
		corners[n++] = y;
	}
	corners[n++] = axes->x + axes->width;
	corners[n++] = axes->y + axes->height;
	corners[n++] = axes->x;
	corners[n++] = axes->y + axes->height;
	drawing_polygon(d, corners, n / 2, chart_ink(axes->theme, INK_ACCENT));
	free(corners);
}

/* The faults between looks, in columns of equal time. */
struct faults_column {
	double minor, major;
};

/* A difference between two looks is spread evenly over the time between them. */
static void spread(struct faults_column *columns, size_t n, double from, double to, uint64_t minor,
		   uint64_t major)
{
	double whole = to - from;

	if (whole <= 0) {
		size_t i = from >= (double)n ? n - 1 : (size_t)from;

		columns[i].minor += (double)minor;
		columns[i].major += (double)major;
		return;
	}
	for (size_t i = (size_t)from; i < n && (double)i < to; i++) {
		double left = max(from, (double)i), right = min(to, (double)i + 1);

		columns[i].minor += (double)minor * (right - left) / whole;
		columns[i].major += (double)major * (right - left) / whole;
	}
}

static void count_faults(struct faults_column *columns, size_t n, const struct chart_axes *axes,
			 const struct growth *g)
{
	double scale = (double)n / axes->width;

	for (size_t i = 1; i < g->count; i++) {
		const struct growth_point *a = &g->points[i - 1], *b = &g->points[i];

		/* at an exec, say, the counters may restart */
		if (b->minor >= a->minor && b->major >= a->major)
			spread(columns, n, (chart_x(axes, a->time_ns) - axes->x) * scale,
			       (chart_x(axes, b->time_ns) - axes->x) * scale, b->minor - a->minor,
			       b->major - a->major);
	}
}

static void draw_faults(struct drawing *d, struct chart_axes *axes, const struct growth *g)
{
	size_t n = (size_t)(axes->width / COLUMN);
	struct faults_column *columns = mem_zalloc((n + 1) * sizeof *columns);
	double wide = axes->width / (double)n, most = 0;

	count_faults(columns, n, axes, g);
	for (size_t i = 0; i < n; i++)
		if (columns[i].minor + columns[i].major > most)
			most = columns[i].minor + columns[i].major;
	axes->most = (uint64_t)(most + 0.999);
	chart_axes_draw(d, axes);
	for (size_t i = 0; i < n; i++) {
		double x = axes->x + (double)i * wide, base = axes->y + axes->height;
		double minor = axes->height * columns[i].minor / (double)axes->most;
		double major = axes->height * columns[i].major / (double)axes->most;

		if (minor > 0)
			drawing_fill(d, x, base - minor, wide - 0.5, minor,
				     chart_ink(axes->theme, INK_FAULT));
		if (major > 0)
			drawing_fill(d, x, base - minor - major, wide - 0.5, major,
				     chart_ink(axes->theme, INK_BAD));
	}
	free(columns);
}

/* A line through both diagrams for each note, and its text if there is room for it. */
static void draw_marks(struct drawing *d, const struct timeline_chart *c, const struct chart_axes *axes,
		       double y, double bottom)
{
	const struct drawing_text label = { DRAWING_FONT_LABEL, 11, false, chart_ink(axes->theme, INK_TEXT) };
	double free_from = 0;

	for (size_t i = 0; i < c->marks.count; i++) {
		const struct mark *mark = &c->marks.items[i];
		double x = chart_x(axes, mark->time_ns);
		char *text = text_printable_dup(mark->text, strlen(mark->text));
		double wide = drawing_text_width(d, &label, text);

		drawing_line(d, x, y - 4, x, bottom, 1, chart_ink(axes->theme, INK_WARN));
		if (x >= free_from && *text) {
			drawing_text_fit(d, x + 3, y - 6, axes->x + axes->width - x, &label, text);
			free_from = x + wide + 12;
		}
		free(text);
	}
}

static void draw(void *context, struct drawing *d, const struct process *p, double width, double height)
{
	struct timeline_chart *c = context;
	const struct theme *theme = c->job->picture->theme;
	double whole = height - CHART_HEAD - CHART_MARGIN - 112, top = CHART_HEAD + 30;
	struct chart_axes axes = { .x = CHART_MARGIN + 50,
				   .y = top,
				   .width = width - 2 * CHART_MARGIN - 60,
				   .height = whole * 0.62,
				   .page_shift = p->space->page_shift,
				   .theme = theme };
	char *command = chart_command(p);
	double key = axes.x;

	growth_end(&c->growth, p);
	axes.from_ns = c->growth.points[0].time_ns;
	axes.to_ns = c->growth.points[c->growth.count - 1].time_ns;
	for (size_t i = 0; i < c->growth.count; i++)
		if (page_resident(c->growth.points[i].counts) > axes.most)
			axes.most = page_resident(c->growth.points[i].counts);
	chart_title(d, c->job, width, command, _("resident memory, and page faults by the kernel's count"));
	free(command);
	chart_axes_draw(d, &axes);
	draw_resident(d, &axes, &c->growth);
	axes.y += axes.height + 44;
	axes.height = whole * 0.38;
	axes.page_shift = 0;
	draw_faults(d, &axes, &c->growth);
	draw_marks(d, c, &axes, top, axes.y + axes.height);
	key = chart_key(d, key, height - 18, theme, chart_ink(theme, INK_ACCENT), _("resident"));
	key = chart_key(d, key, height - 18, theme, chart_ink(theme, INK_FAULT), _("minor faults"));
	key = chart_key(d, key, height - 18, theme, chart_ink(theme, INK_BAD), _("major faults"));
	if (c->marks.count)
		chart_key(d, key, height - 18, theme, chart_ink(theme, INK_WARN), _("notes"));
}

static void close(void *context)
{
	struct timeline_chart *c = context;

	growth_fini(&c->growth);
	marks_fini(&c->marks);
	free(c);
}

const struct chart chart_timeline = { open, take, NULL, draw, close };
