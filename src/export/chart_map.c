/* The whole address space on one sheet: a dot for each page, or for a power of two of them.
 *
 *   python3.11                 - - - - ■ ■ ■ ■ ■       a group of regions: those of one file, or a lone one
 *   0x55d2c0a4f000  5.4M       ■ ■ ■ ■                 each region begins a row of dots
 *   ⋯ 13.2T                                            a gap
 *   anon                       ■ ■ ■ ■ ■ ■ ■ ■ ■
 *   0x7f1200000000  1.0T       ⋯ 4096 rows, reserved   rows that are only reserved are folded
 *
 * Groups are in columns, as in a newspaper. The scale is the finest at which all fits on the sheet. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "base/text.h"
#include "export/chart.h"
#include "render/glyph.h"
#include "render/region_rows.h"

#define DOT 4.0
#define LABEL 150.0     /* left of the dots */
#define GUTTER 24.0     /* between columns */
#define GROUP_ROWS 26.0 /* two lines of a label */
#define GAP 14.0
#define LEGEND 66.0
#define FOLD_FROM 4 /* this many consecutive rows that are only reserved */
#define COLUMNS_MAX 6
#define ZOOM_MAX 44

/* How the sheet is divided. */
struct map_sheet {
	int zoom, columns;
	uint64_t dots;              /* a row */
	double x, y, width, height; /* of a column; the first one's place */
};

struct map {
	const struct export_job *job;
	const struct space *space;
	struct map_sheet sheet;
	struct drawing *drawing; /* NULL: only measured */
	/* where the next thing goes */
	int column;
	double y;
};

static void *open(const struct export_job *job)
{
	struct map *m = mem_zalloc(sizeof *m);

	m->job = job;
	return m;
}

/* The world is all that is needed, at the end. */
static void take(void *context, const struct event *e)
{
}

static double column_x(const struct map *m)
{
	return m->sheet.x + m->column * (m->sheet.width + GUTTER);
}

/* Moves to the next column if an item of this height does not fit; an item higher than a column is divided
 * where it is. */
static void make_room(struct map *m, double height)
{
	if (m->y + height <= m->sheet.y + m->sheet.height || m->y == m->sheet.y)
		return;
	m->column++;
	m->y = m->sheet.y;
}

static uint32_t ink(const struct map *m, enum ink ink)
{
	return chart_ink(m->job->picture->theme, ink);
}

/* A stretch of dots that look the same: `part` of each is filled. */
static void draw_dots(const struct map *m, uint64_t column, uint64_t count, enum page_state state,
		      double part)
{
	double size = DOT * 0.8 * (part < 0.3 ? 0.55 : part < 0.99 ? 0.75 : 1);
	bool promised = page_state_untouched(state);

	if (promised)
		size = DOT * 0.3;
	drawing_dots(m->drawing, column_x(m) + LABEL + (double)column * DOT, m->y + DOT / 2, count, DOT, size,
		     ink(m, (enum ink)(INK_STATE + state)));
}

static enum page_state main_state(const uint64_t counts[static PAGE_STATES], double *part)
{
	struct glyph glyph = glyph_cell(counts, false, 0, 0);
	enum page_state state = (enum page_state)(glyph.ink - INK_STATE);
	uint64_t pages = 0;

	for (int s = PAGE_RESERVED; s < PAGE_STATES; s++)
		pages += counts[s];
	*part = !pages ? 0
		       : (double)(page_state_resident(state) ? page_resident(counts) : counts[state]) /
			     (double)pages;
	return state;
}

/* One row of a region, from the page on. */
static void draw_row(const struct map *m, uint64_t first, uint64_t end)
{
	uint64_t unit = UINT64_C(1) << m->sheet.zoom, dots = (end - first + unit - 1) >> m->sheet.zoom,
		 from = 0;
	enum page_state state = PAGE_NONE;
	double part = 0;

	for (uint64_t i = 0; i <= dots; i++) {
		uint64_t counts[RUNS_VALUES] = { 0 }, at = first + (i << m->sheet.zoom);
		enum page_state here = PAGE_NONE;
		double here_part = 0;

		if (i < dots) {
			runs_count(m->space->pages, at, min(at + unit, end), counts);
			here = main_state(counts, &here_part);
		}
		if (i && (i == dots || here != state || here_part < part || here_part > part)) {
			draw_dots(m, from, i - from, state, part);
			from = i;
		}
		state = here;
		part = here_part;
	}
}

/* How many rows from this page on are only reserved. */
static uint64_t promised_rows(const struct map *m, uint64_t first, uint64_t end, uint64_t row_pages)
{
	struct run run = runs_at(m->space->pages, first);
	uint64_t at = first;

	while (at < end &&
	       (page_state_untouched(page_state(run.value)) || page_state_kills(page_state(run.value)))) {
		at = min(run.end, end);
		if (at < end)
			run = runs_at(m->space->pages, at);
	}
	return (at - first) / row_pages;
}

static void draw_note(const struct map *m, const char *text)
{
	const struct drawing_text label = { DRAWING_FONT_LABEL, 9, false, ink(m, INK_DIM) };

	if (m->drawing)
		drawing_text_fit(m->drawing, column_x(m) + LABEL, m->y + 9, m->sheet.width - LABEL, &label,
				 text);
}

static void place_region(struct map *m, const struct region *r)
{
	uint64_t end = region_end(m->space, r), row_pages = m->sheet.dots << m->sheet.zoom;

	for (uint64_t at = region_first(m->space, r); at < end;) {
		uint64_t folded = promised_rows(m, at, end, row_pages), stop = min(at + row_pages, end);

		if (folded >= FOLD_FROM) {
			char size[16], text[160];

			make_room(m, GAP);
			snprintf(text, sizeof text, _("\xe2\x8b\xaf %s, nothing there"),
				 text_size(size, (folded * row_pages) << m->space->page_shift));
			draw_note(m, text);
			m->y += GAP;
			at += folded * row_pages;
			continue;
		}
		make_room(m, DOT);
		if (m->drawing)
			draw_row(m, at, stop);
		m->y += DOT;
		at = stop;
	}
}

static void draw_label(const struct map *m, const struct region *r, uint64_t pages, uint64_t resident)
{
	const char *raw = region_name(&r->attr);
	const struct drawing_text name = { DRAWING_FONT_LABEL, 10, true, ink(m, INK_TEXT) },
				  figures = { DRAWING_FONT_LABEL, 8, false, ink(m, INK_DIM) };
	char *shown = text_printable_dup(*raw ? raw : region_kind_name(r->attr.kind),
					 strlen(*raw ? raw : region_kind_name(r->attr.kind)));
	char size[16], there[16], text[96];

	drawing_text_fit(m->drawing, column_x(m), m->y + 9, LABEL - 8, &name, shown);
	snprintf(text, sizeof text, _("0x%" PRIx64 "  %s of %s"), r->attr.start,
		 text_size(there, resident << m->space->page_shift),
		 text_size(size, pages << m->space->page_shift));
	drawing_text_fit(m->drawing, column_x(m), m->y + 20, LABEL - 8, &figures, text);
	free(shown);
}

/* Regions [from, to) under one label. */
static void place_group(struct map *m, size_t from, size_t to)
{
	uint64_t counts[PAGE_STATES] = { 0 }, pages = 0;
	double top;
	int column;

	make_room(m, GROUP_ROWS);
	top = m->y;
	column = m->column;
	for (size_t i = from; i < to; i++) {
		space_add_region_counts(m->space, m->space->regions[i], counts);
		pages +=
		    region_end(m->space, m->space->regions[i]) - region_first(m->space, m->space->regions[i]);
	}
	if (m->drawing)
		draw_label(m, m->space->regions[from], pages, page_resident(counts));
	for (size_t i = from; i < to; i++)
		place_region(m, m->space->regions[i]);
	if (m->column == column && m->y < top + GROUP_ROWS)
		m->y = top + GROUP_ROWS;
	m->y += DOT;
}

/* Places the gap between two regions, if it is large. */
static void place_gap(struct map *m, const struct region *before, const struct region *r)
{
	uint64_t bytes = r->attr.start > before->attr.end ? r->attr.start - before->attr.end : 0;
	char size[16], text[96];

	if (bytes < UINT64_C(1) << 20)
		return;
	make_room(m, GAP + GROUP_ROWS);
	snprintf(text, sizeof text, _("\xe2\x8b\xaf gap %s"), text_size(size, bytes));
	draw_note(m, text);
	m->y += GAP;
}

static void place_all(struct map *m)
{
	const struct space *s = m->space;

	m->column = 0;
	m->y = m->sheet.y;
	for (size_t i = 0, next; i < s->count; i = next) {
		next = i + 1;
		while (next < s->count && region_same_group(s->regions[next - 1], s->regions[next]))
			next++;
		if (i)
			place_gap(m, s->regions[i - 1], s->regions[i]);
		place_group(m, i, next);
	}
}

/* Chooses the finest scale at which everything fits, and the division with the fewest columns. */
static void choose(struct map *m, double width, double height)
{
	struct map_sheet *sheet = &m->sheet;

	sheet->x = CHART_MARGIN;
	sheet->y = CHART_HEAD + 12;
	sheet->height = height - sheet->y - LEGEND;
	for (sheet->zoom = 0; sheet->zoom < ZOOM_MAX; sheet->zoom++) {
		int most = (int)((width - 2 * CHART_MARGIN + GUTTER) / (LABEL + 60 + GUTTER));

		for (sheet->columns = 1; sheet->columns <= COLUMNS_MAX && sheet->columns <= most;
		     sheet->columns++) {
			sheet->width = (width - 2 * CHART_MARGIN + GUTTER) / sheet->columns - GUTTER;
			sheet->dots = (uint64_t)((sheet->width - LABEL) / DOT);
			place_all(m);
			if (m->column < sheet->columns)
				return;
		}
	}
	/* more regions than the sheet has room for: it gets longer */
	sheet->columns--;
	while (m->column >= sheet->columns && sheet->height < DRAWING_MAX - 400) {
		sheet->height *= 1.2;
		place_all(m);
	}
}

static double height(void *context, double width)
{
	struct map *m = context;
	const struct process *p = chart_process(m->job);
	double wanted = m->job->picture->rows * 20.0;

	if (!p)
		return wanted;
	m->space = p->space;
	choose(m, width, wanted);
	return m->sheet.y + m->sheet.height + LEGEND;
}

static void draw_legend(const struct map *m, struct drawing *d, double height)
{
	uint64_t counts[PAGE_STATES] = { 0 };
	double x = CHART_MARGIN, y = height - 40;

	space_add_counts(m->space, counts);
	for (int s = PAGE_RESERVED; s < PAGE_STATES; s++) {
		struct strbuf text = { 0 };
		char size[16];

		if (!counts[s])
			continue;
		strbuf_printf(&text, "%s %s", page_state_name((enum page_state)s),
			      text_size(size, counts[s] << m->space->page_shift));
		x = chart_key(d, x, y, m->job->picture->theme, ink(m, (enum ink)(INK_STATE + s)), text.text);
		strbuf_fini(&text);
	}
}

/* "1 dot is 4 pages, 16K; a row of 100 dots is 1.6M" */
static void draw_scale(const struct map *m, struct drawing *d, double height)
{
	const struct drawing_text label = { DRAWING_FONT_LABEL, 12, false, ink(m, INK_DIM) };
	uint64_t pages = UINT64_C(1) << m->sheet.zoom;
	struct strbuf text = { 0 };
	char dot[16], row[16], count[16];

	strbuf_printf(&text,
		      ngettext("a dot is %s page, %s; a row of %" PRIu64 " dots is %s",
			       "a dot is %s pages, %s; a row of %" PRIu64 " dots is %s", pages),
		      text_count(count, pages), text_size(dot, pages << m->space->page_shift), m->sheet.dots,
		      text_size(row, (m->sheet.dots << m->sheet.zoom) << m->space->page_shift));
	if (m->sheet.zoom)
		strbuf_puts(&text, _("; its colour shows what most of its touched pages are; it is smaller "
				     "where few were touched"));
	drawing_text_fit(d, CHART_MARGIN, height - 18, (m->sheet.width + GUTTER) * m->sheet.columns, &label,
			 text.text);
	strbuf_fini(&text);
}

static void draw(void *context, struct drawing *d, const struct process *p, double width, double height)
{
	struct map *m = context;
	struct strbuf below = { 0 };
	char time[24], *command;

	command = chart_command(p);
	strbuf_printf(&below,
		      ngettext("the address space of process %" PRId32 " at %s: %zu region",
			       "the address space of process %" PRId32 " at %s: %zu regions",
			       m->space->count),
		      p->pid, text_clock_ms(time, m->job->world->now_ns), m->space->count);
	chart_title(d, m->job, width, command, below.text);
	strbuf_fini(&below);
	free(command);
	m->drawing = d;
	place_all(m);
	draw_legend(m, d, height);
	draw_scale(m, d, height);
}

static void close(void *context)
{
	free(context);
}

const struct chart chart_map = { open, take, height, draw, close };
