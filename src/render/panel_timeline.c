/* Resident pages and faults over time, in the rule above the footer.
 *
 * ─ resident ▁▁▂▂▃▅▇▇────── faults ▁▁█▂▁────────────────────── 1 page/cell ─
 *
 * A column is a sample (model/history.h), the newest at the right end once there is
 * no more room; a time in which nothing happened is one column, marked ┊, however
 * long it was. With a second row both stand one above the other on one axis. */
#include "render/panel.h"

#include <stdio.h>

#include "base/i18n.h"
#include "render/glyph.h"

enum figure { FIGURE_RESIDENT, FIGURE_FAULTS };

static uint64_t figure_of(const struct sample *s, enum figure figure)
{
	return figure == FIGURE_RESIDENT ? s->resident : s->minor + s->major;
}

/* How many of the newest samples fit in so many columns, and the columns that they take. */
static size_t samples_that_fit(const struct history *h, int columns, int *used)
{
	const struct sample *s;
	size_t n = 0;

	*used = 0;
	while ((s = history_at(h, n))) {
		int wants = 1 + (s->quiet_ns ? 1 : 0);

		if (*used + wants > columns)
			break;
		*used += wants;
		n++;
	}
	return n;
}

static void draw_spark(struct area a, int row, int column, int columns, const struct history *h, enum figure figure)
{
	int used;
	size_t n = samples_that_fit(h, columns, &used);
	uint64_t max = 0;

	for (size_t i = 0; i < n; i++)
		if (figure_of(history_at(h, i), figure) > max)
			max = figure_of(history_at(h, i), figure);
	while (n-- > 0) {
		const struct sample *s = history_at(h, n);
		struct pen pen = PEN(figure == FIGURE_RESIDENT ? INK_ACCENT : s->major ? INK_BAD : INK_FAULT);

		if (s->quiet_ns)
			area_put(a, row, column++, 0x250a, PEN(INK_LINE));
		area_put(a, row, column++, glyph_spark(figure_of(s, figure), max, a.canvas->ascii), pen);
	}
}

/* A power of two: "64K" */
static const char *power_text(char buf[static 16], int power)
{
	static const char units[][2] = { "", "K", "M", "G", "T", "P", "E" };

	snprintf(buf, 16, "%u%s", 1u << power % 10, units[power / 10]);
	return buf;
}

/* "1 page/cell", "4 pages/cell", "64K pages/cell (256M)" */
static void zoom_text(char *text, size_t size, int zoom, unsigned page_shift)
{
	char count[16], bytes[16];

	if (zoom < 10)
		snprintf(text, size, ngettext("%u page/cell", "%u pages/cell", 1ul << zoom), 1u << zoom);
	else
		snprintf(text, size, _("%s pages/cell (%s)"), power_text(count, zoom),
			 power_text(bytes, zoom + (int)page_shift));
}

/* Draws the zoom at the right end; returns the columns left of it. */
static int draw_zoom(struct area a, const struct scene *scene)
{
	char zoom[64];
	int column;

	zoom_text(zoom, sizeof zoom, scene->layout->zoom, scene->process->space->page_shift);
	column = a.columns - text_columns(zoom) - 3;
	area_printf(a, 0, column, PEN(INK_TEXT), " %s ", zoom);
	return column;
}

/* Which ink means which fault, at the right end of the second row. */
static void draw_fault_key(struct area a)
{
	uint32_t block = a.canvas->ascii ? '#' : 0x2586;
	int column = a.columns - text_columns(_("minor")) - text_columns(_("major")) - 8;

	area_put(a, 1, column, block, PEN(INK_FAULT));
	column = area_text(a, 1, column + 2, PEN(INK_DIM), _("minor")) + 2;
	area_put(a, 1, column, block, PEN(INK_BAD));
	area_text(a, 1, column + 2, PEN(INK_DIM), _("major"));
}

void panel_timeline(struct area a, const struct scene *scene)
{
	const struct history *h = &scene->process->history;
	const char *resident = _("resident"), *faults = _("faults");
	int wide = text_columns(resident) > text_columns(faults) ? text_columns(resident) : text_columns(faults);
	int room, column, half;

	area_rule(a, 0, PEN(INK_LINE), NULL);
	room = draw_zoom(a, scene);
	if (a.rows > 1) {
		column = 3 + wide;
		/* one axis: as long as both the zoom and the key of the colours leave room */
		half = (room < a.columns - 28 ? room : a.columns - 28) - column - 1;
		area_printf(a, 0, 1, PEN(INK_DIM), " %s ", resident);
		area_printf(a, 1, 2, PEN(INK_DIM), "%s", faults);
		draw_spark(a, 0, column, half, h, FIGURE_RESIDENT);
		draw_spark(a, 1, column, half, h, FIGURE_FAULTS);
		draw_fault_key(a);
		return;
	}
	half = (room - text_columns(resident) - text_columns(faults) - 8) / 2;
	if (half < 4)
		return;
	column = area_printf(a, 0, 1, PEN(INK_DIM), " %s ", resident);
	draw_spark(a, 0, column, half, h, FIGURE_RESIDENT);
	column = area_printf(a, 0, column + half + 1, PEN(INK_DIM), " %s ", faults);
	draw_spark(a, 0, column, half, h, FIGURE_FAULTS);
}
