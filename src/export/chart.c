#include "export/chart.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/strbuf.h"
#include "base/text.h"

#define COMMAND_COLUMNS 200

static uint32_t rgb_of(short colour, uint32_t otherwise)
{
	return colour == THEME_DEFAULT ? otherwise : theme_rgb(colour);
}

uint32_t chart_ink(const struct theme *theme, enum ink ink)
{
	return rgb_of(theme_attributes(theme, 256, (uint8_t)ink, PAPER_PLAIN, 0).ink, 0x000000);
}

uint32_t chart_paper(const struct theme *theme)
{
	return rgb_of(theme_attributes(theme, 256, INK_TEXT, PAPER_PLAIN, 0).paper, 0xffffff);
}

uint32_t chart_colour(size_t number)
{
	/* Okabe and Ito, and lighter and darker ones of the same hues */
	static const uint32_t colours[] = { 0xe69f00, 0x56b4e9, 0x009e73, 0xcc79a7, 0x0072b2, 0xd55e00,
					    0xb8a900, 0x7f7fd5, 0x5fc7a5, 0xa65c85, 0x8fb7d9, 0xb07a3c };

	return colours[number % (sizeof colours / sizeof *colours)];
}

const struct process *chart_process(const struct export_job *job)
{
	if (job->picture->pid)
		return world_find(job->world, job->picture->pid);
	return job->world->count ? job->world->processes[0] : NULL;
}

char *chart_command(const struct process *p)
{
	struct strbuf all = { 0 }, cut = { 0 };

	for (size_t i = 0; p->identity.argv && p->identity.argv[i]; i++) {
		if (i)
			strbuf_puts(&all, " ");
		text_printable(&all, p->identity.argv[i], strlen(p->identity.argv[i]));
	}
	if (!all.len && p->identity.comm)
		text_printable(&all, p->identity.comm, strlen(p->identity.comm));
	text_fit(&cut, all.len ? all.text : "?", COMMAND_COLUMNS, TEXT_CUT_RIGHT, false);
	strbuf_fini(&all);
	return cut.text;
}

void chart_title(struct drawing *d, const struct export_job *job, double width, const char *title,
		 const char *below)
{
	const struct theme *theme = job->picture->theme;
	const struct drawing_text large = { DRAWING_FONT_LABEL, 18, true, chart_ink(theme, INK_STRONG) },
				  small = { DRAWING_FONT_LABEL, 12, false, chart_ink(theme, INK_DIM) };

	drawing_text_fit(d, CHART_MARGIN, 28, width - 2 * CHART_MARGIN, &large, title);
	drawing_text_fit(d, CHART_MARGIN, 45, width - 2 * CHART_MARGIN, &small, below);
}

double chart_x(const struct chart_axes *a, uint64_t time_ns)
{
	uint64_t whole = a->to_ns > a->from_ns ? a->to_ns - a->from_ns : 1;
	uint64_t at = time_ns > a->from_ns ? time_ns - a->from_ns : 0;

	return a->x + a->width * (at < whole ? (double)at / (double)whole : 1);
}

double chart_y(const struct chart_axes *a, uint64_t value)
{
	return a->y + a->height - (a->most ? a->height * (double)value / (double)a->most : 0);
}

/* The step between labels: 1, 2 or 5 times a power of ten, or a power of two for sizes, so that about `steps`
 * of them make the whole. */
static double step_of(double whole, int steps, bool powers_of_two)
{
	double step = 1;

	if (powers_of_two) {
		while (step * steps < whole)
			step *= 2;
		return step;
	}
	while (step * 10 * steps < whole)
		step *= 10;
	return step * steps >= whole       ? step
	       : step * 2 * steps >= whole ? step * 2
	       : step * 5 * steps >= whole ? step * 5
					   : step * 10;
}

static void draw_values(struct drawing *d, struct chart_axes *a, const struct drawing_text *label)
{
	double step = step_of((double)a->most, 5, a->page_shift != 0);
	uint64_t unit = (uint64_t)step;
	char text[16];

	a->most = (a->most + unit - 1) / unit * unit;
	if (!a->most)
		a->most = unit;
	for (uint64_t value = 0; value <= a->most; value += unit) {
		double y = chart_y(a, value);

		drawing_line(d, a->x, y, a->x + a->width, y, value ? 0.4 : 1, chart_ink(a->theme, INK_LINE));
		if (a->page_shift)
			text_size(text, value << a->page_shift);
		else
			text_count(text, value);
		drawing_text_right(d, a->x - 6, y + 4, label, text);
	}
}

static void draw_times(struct drawing *d, const struct chart_axes *a, const struct drawing_text *label)
{
	double whole_ms = (double)(a->to_ns - a->from_ns) / (double)CLOCK_MS;
	/* in milliseconds; a session of less than that has one label at each end */
	uint64_t step = (uint64_t)step_of(whole_ms, 8, false) * CLOCK_MS;
	char text[24];

	for (uint64_t at = (a->from_ns + step - 1) / step * step; at <= a->to_ns; at += step) {
		double x = chart_x(a, at);

		drawing_line(d, x, a->y + a->height, x, a->y + a->height + 4, 1,
			     chart_ink(a->theme, INK_LINE));
		if (step % CLOCK_SECOND)
			text_clock_ms(text, at);
		else
			text_clock(text, at);
		drawing_text(d, x - drawing_text_width(d, label, text) / 2, a->y + a->height + 17, label,
			     text);
	}
}

void chart_axes_draw(struct drawing *d, struct chart_axes *a)
{
	const struct drawing_text label = { DRAWING_FONT_LABEL, 11, false, chart_ink(a->theme, INK_DIM) };

	draw_values(d, a, &label);
	draw_times(d, a, &label);
}

double chart_key(struct drawing *d, double x, double y, const struct theme *theme, uint32_t rgb,
		 const char *name)
{
	const struct drawing_text label = { DRAWING_FONT_LABEL, 12, false, chart_ink(theme, INK_TEXT) };

	drawing_fill(d, x, y - 9, 10, 10, rgb);
	drawing_text(d, x + 15, y, &label, name);
	return x + 15 + drawing_text_width(d, &label, name) + 18;
}
