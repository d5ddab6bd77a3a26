/* svg, png, pdf: one picture each. The screen is drawn from its cells; the other views are charts. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "base/text.h"
#include "draw/cells.h"
#include "export/chart.h"

struct drawn {
	const struct export_job *job;
	const struct chart *chart; /* NULL: the screen */
	void *context;             /* the chart's */
};

/* EXPORT_VIEW_SCREEN has none. */
#define CHARTS(X)                                                                                            \
	X(EXPORT_VIEW_MAP, map)                                                                              \
	X(EXPORT_VIEW_TIMELINE, timeline)                                                                    \
	X(EXPORT_VIEW_FLAME, flame)                                                                          \
	X(EXPORT_VIEW_GROWTH, growth)

#define DECLARE(view, name) extern const struct chart chart_##name;
CHARTS(DECLARE)

#define ENTRY(view, name) [view] = &chart_##name,
static const struct chart *const charts[EXPORT_VIEWS] = { CHARTS(ENTRY) };

static void *open(const struct export_job *job, struct err *err)
{
	struct drawn *x = mem_zalloc(sizeof *x);

	x->job = job;
	x->chart = charts[job->picture->view];
	x->context = x->chart ? x->chart->open(job) : NULL;
	return x;
}

static int take(void *context, const struct event *e, struct err *err)
{
	struct drawn *x = context;

	if (x->chart)
		x->chart->before(x->context, e);
	return 0;
}

static int write_screen(const struct export_job *job, enum draw_format format, const char *title,
			struct err *err)
{
	struct export_screens *screens = job->screens;
	uint64_t at = min(job->picture->at_ns, screens->end_ns);
	const struct canvas *canvas = screens->at(screens, at, err);

	return canvas ? cells_write(job->out, format, canvas, job->picture->theme, title, err) : -1;
}

static int write_chart(struct drawn *x, enum draw_format format, const char *title, struct err *err)
{
	const struct export_picture *picture = x->job->picture;
	const struct process *process = chart_process(x->job);
	double width = picture->columns * CELL_WIDTH, height = picture->rows * CELL_HEIGHT;
	struct drawing *d;

	if (x->chart->height)
		height = x->chart->height(x->context, width);
	d = drawing_create(format, x->job->out, width, height, title, err);
	if (!d)
		return -1;
	drawing_fill(d, 0, 0, width, height, chart_paper(picture->theme));
	if (process)
		x->chart->draw(x->context, d, process, width, height);
	else
		chart_title(d, x->job, width, _("nothing was recorded"), "");
	return drawing_finish(d, err);
}

static int write_as(struct drawn *x, enum draw_format format, struct err *err)
{
	char *title = text_printable_dup(x->job->from, strlen(x->job->from));
	int result = x->chart ? write_chart(x, format, title, err) : write_screen(x->job, format, title, err);

	free(title);
	return result;
}

static int finish_svg(void *context, struct err *err)
{
	return write_as(context, DRAW_SVG, err);
}

static int finish_png(void *context, struct err *err)
{
	return write_as(context, DRAW_PNG, err);
}

static int finish_pdf(void *context, struct err *err)
{
	return write_as(context, DRAW_PDF, err);
}

static void close(void *context)
{
	struct drawn *x = context;

	if (x->chart)
		x->chart->close(x->context);
	free(x);
}

const struct exporter export_svg = {
	.name = "svg",
	.help = N_("a picture, see --view; scalable"),
	.takes_span = true,
	.is_picture = true,
	.speaks = true,
	.open = open,
	.before = take,
	.finish = finish_svg,
	.close = close,
};

const struct exporter export_png = {
	.name = "png",
	.binary = true,
	.help = N_("the same as pixels"),
	.takes_span = true,
	.is_picture = true,
	.speaks = true,
	.open = open,
	.before = take,
	.finish = finish_png,
	.close = close,
};

const struct exporter export_pdf = {
	.name = "pdf",
	.binary = true,
	.help = N_("the same on a sheet of A4"),
	.paper = true,
	.takes_span = true,
	.is_picture = true,
	.speaks = true,
	.open = open,
	.before = take,
	.finish = finish_pdf,
	.close = close,
};
