/* Resident pages and faults over time, in the rule above the footer.
 *
 * ─ resident ▁▁▂▂▃▅▇▇────── faults ▁▁█▂▁────────────────────── 1 page/cell ─
 *
 * Of a replay it is the whole recording on one axis, with the moment that is shown and
 * the marks; see draw_recording.
 *
 * A column is a sample (model/history.h), the newest at the right end once there is
 * no more room; a time in which nothing happened is one column, marked ┊, however
 * long it was. With a second row both stand one above the other on one axis. */
#include "ui/view/panel.h"

#include <stdio.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "model/marks.h"
#include "render/glyph.h"

enum timeline_figure { TIMELINE_RESIDENT, TIMELINE_FAULTS };

static uint64_t figure_of(const struct sample *s, enum timeline_figure figure)
{
	return figure == TIMELINE_RESIDENT ? s->resident : s->minor + s->major;
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

static void draw_spark(struct area a, int row, int column, int columns, const struct history *h,
		       enum timeline_figure figure)
{
	int used;
	size_t n = samples_that_fit(h, columns, &used);
	uint64_t max = 0;

	for (size_t i = 0; i < n; i++)
		if (figure_of(history_at(h, i), figure) > max)
			max = figure_of(history_at(h, i), figure);
	while (n-- > 0) {
		const struct sample *s = history_at(h, n);
		struct pen pen = PEN(figure == TIMELINE_RESIDENT ? INK_ACCENT
				     : s->major                  ? INK_BAD
								 : INK_FAULT);

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
static int draw_zoom(struct area a, int zoom, unsigned page_shift)
{
	char text[96];
	int column;

	zoom_text(text, sizeof text, zoom, page_shift);
	column = a.columns - text_columns(text) - 3;
	area_printf(a, 0, column, PEN(INK_TEXT), " %s ", text);
	return column;
}

/* Which ink means which fault, at the right end of the second row. */
static void draw_fault_key(struct area a)
{
	if (a.canvas->mono)
		return; /* there the inks are one */
	uint32_t block = a.canvas->ascii ? '#' : 0x2586;
	int column = a.columns - text_columns(_("minor")) - text_columns(_("major")) - 8;

	area_put(a, 1, column, block, PEN(INK_FAULT));
	column = area_text(a, 1, column + 2, PEN(INK_DIM), _("minor")) + 2;
	area_put(a, 1, column, block, PEN(INK_BAD));
	area_text(a, 1, column + 2, PEN(INK_DIM), _("major"));
}

/* The axis of a recording: the columns that it takes. */
struct axis {
	int column, columns;
};

static int label_columns(void)
{
	int resident = text_columns(_("resident")), faults = text_columns(_("faults"));

	return max(resident, faults);
}

static struct axis axis_of(int columns, int rows, int zoom_column)
{
	struct axis axis = { 3 + label_columns(), 0 };
	int end = zoom_column;

	if (rows > 1 && end > columns - 28)
		end = columns - 28;
	axis.columns = end - axis.column - 1;
	return axis;
}

bool panel_timeline_part(int columns, int rows, int zoom, unsigned page_shift, int column, int *part,
			 int *parts)
{
	char text[64];
	struct axis axis;

	zoom_text(text, sizeof text, zoom, page_shift);
	axis = axis_of(columns, rows, columns - text_columns(text) - 3);
	*part = column - axis.column;
	*parts = axis.columns;
	return *part >= 0 && *part < *parts;
}

/* What happened in the time that one column stands for. */
struct timeline_column {
	bool known;
	uint64_t resident; /* at its end */
	uint64_t faults;   /* in it */
	bool major;
};

static uint64_t column_end(const struct time_status *time, int columns, int i)
{
	uint64_t whole = time->end_ns - time->begin_ns;

	return time->begin_ns + (uint64_t)((double)whole * (i + 1) / columns);
}

/* Continues from point *at, the first one after the previous column. */
static struct timeline_column course_column(const struct timeline *line, size_t *at, uint64_t end_ns)
{
	const struct time_point *p = line->course;
	size_t first = *at;
	struct timeline_column m = { 0 };

	while (*at < line->course_count && p[*at].time_ns <= end_ns)
		++*at;
	m.known = *at > 0 && (*at < line->course_count || p[*at - 1].time_ns >= end_ns || *at > first);
	if (!m.known)
		return m;
	m.resident = p[*at - 1].resident;
	if (*at > first && first > 0) {
		m.faults = p[*at - 1].minor + p[*at - 1].major - p[first - 1].minor - p[first - 1].major;
		m.major = p[*at - 1].major != p[first - 1].major;
	} else if (*at > first) {
		m.faults = p[*at - 1].minor + p[*at - 1].major;
		m.major = p[*at - 1].major != 0;
	}
	return m;
}

static int column_of(const struct time_status *time, int columns, uint64_t time_ns)
{
	uint64_t whole = time->end_ns - time->begin_ns;
	uint64_t at = time_ns > time->begin_ns ? time_ns - time->begin_ns : 0;
	int column = whole ? (int)((double)at * columns / (double)whole) : 0;

	return column < columns ? column : columns - 1;
}

static void draw_course(struct area a, const struct timeline *line, struct axis axis, int row,
			enum timeline_figure figure, int here)
{
	uint64_t max = 0;

	for (int draw = 0; draw < 2; draw++) {
		size_t at = 0;

		for (int i = 0; i < axis.columns; i++) {
			struct timeline_column m =
			    course_column(line, &at, column_end(line->time, axis.columns, i));
			uint64_t value = figure == TIMELINE_RESIDENT ? m.resident : m.faults;
			uint8_t ink = figure == TIMELINE_RESIDENT ? INK_ACCENT
				      : m.major                   ? INK_BAD
								  : INK_FAULT;

			max = max(value, max);
			if (draw)
				area_put(a, row, axis.column + i,
					 m.known ? glyph_spark(value, max, a.canvas->ascii) : ' ',
					 PEN_ON(ink, i == here ? PAPER_CURSOR : PAPER_PLAIN));
		}
	}
}

#define GLYPH_MARK 0x25c6

static void draw_marks(struct area a, const struct timeline *line, struct axis axis, int here)
{
	for (size_t i = 0; line->marks && i < line->marks->count; i++) {
		int column = column_of(line->time, axis.columns, line->marks->items[i].time_ns);

		area_put(a, 0, axis.column + column, a.canvas->ascii ? '^' : GLYPH_MARK,
			 PEN_ON(INK_WARN, column == here ? PAPER_CURSOR : PAPER_PLAIN));
	}
}

/*  resident ▁▁▂▂▃▅▇▇▇▇▇▇▇▇◆▇▇▇▇   1 page/cell     ◆ a mark; one column has the paper
 *  faults   ▁▁█▂▁      ▂   ▁    ■ minor ■ major     of the cursor: the moment shown
 *
 * In one row there are the faults only. What is not known yet is blank. */
static void draw_recording(struct area a, const struct timeline *line, int room, bool focused)
{
	struct axis axis = axis_of(a.columns, a.rows, room);
	uint8_t style = focused ? STYLE_BOLD | STYLE_UNDERLINE : 0;
	struct pen label = { style ? INK_ACCENT : INK_DIM, PAPER_PLAIN, style };
	int here;

	if (axis.columns < 4)
		return;
	here = column_of(line->time, axis.columns, line->time->now_ns);
	area_fill(area_part(a, 0, axis.column - 1, 1, axis.columns + 2), PEN(INK_TEXT));
	area_put(a, 0, 1, ' ', PEN(INK_TEXT));
	area_text(a, 0, 2, label, a.rows > 1 ? _("resident") : _("faults"));
	draw_course(a, line, axis, 0, a.rows > 1 ? TIMELINE_RESIDENT : TIMELINE_FAULTS, here);
	if (a.rows > 1) {
		area_text(a, 1, 2, label, _("faults"));
		draw_course(a, line, axis, 1, TIMELINE_FAULTS, here);
		draw_fault_key(a);
	}
	draw_marks(a, line, axis, here);
}

void panel_timeline(struct area a, const struct process *p, const struct timeline *line, int zoom,
		    bool focused)
{
	const struct history *h = &p->history;
	const char *resident = _("resident"), *faults = _("faults");
	int wide = label_columns();
	int room, column, half;

	area_rule(a, 0, PEN(INK_LINE), NULL);
	room = draw_zoom(a, zoom, p->space->page_shift);
	if (line->time) {
		draw_recording(a, line, room, focused);
		return;
	}
	if (a.rows > 1) {
		column = 3 + wide;
		/* one axis: as long as both the zoom and the key of the colours leave room */
		half = min(room, a.columns - 28) - column - 1;
		area_printf(a, 0, 1, PEN(INK_DIM), " %s ", resident);
		area_printf(a, 1, 2, PEN(INK_DIM), "%s", faults);
		draw_spark(a, 0, column, half, h, TIMELINE_RESIDENT);
		draw_spark(a, 1, column, half, h, TIMELINE_FAULTS);
		draw_fault_key(a);
		return;
	}
	half = (room - text_columns(resident) - text_columns(faults) - 8) / 2;
	if (half < 4)
		return;
	column = area_printf(a, 0, 1, PEN(INK_DIM), " %s ", resident);
	draw_spark(a, 0, column, half, h, TIMELINE_RESIDENT);
	column = area_printf(a, 0, column + half + 1, PEN(INK_DIM), " %s ", faults);
	draw_spark(a, 0, column, half, h, TIMELINE_FAULTS);
}
