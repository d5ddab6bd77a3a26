/* The grid: a cell for every 2^zoom pages of the bands in sight, headings, gaps.
 *
 *              0x55d2c1f0a000  [heap]                    rw-p  33 pages  3 resident
 *    heap      ■■■······························
 *              ⋯ gap 13.2T
 *
 * Only what is in sight is read. At small zooms one pass over the page runs fills a
 * whole row; at large ones each cell asks for its census, which the runs answer from
 * the counts of whole chunks, and a run that covers many cells is asked for once. */
#include "ui/view/panel.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "model/mapping.h"
#include "render/glyph.h"
#include "ui/view/screen_parts.h"

/* Up to this zoom a row is read run by run. */
#define RUNS_ZOOM 5
#define NAME_COLUMNS 12 /* of a heading: what is at its right leaves so many to the name, if it needs them */

struct census {
	uint64_t counts[RUNS_VALUES];
	uint32_t since;
	bool changed;     /* between two snapshots */
	bool linked;      /* to the cursor's page: see struct grid */
	uint32_t differs; /* two that were compared: see compare/aligned.h, the greatest */
	uint32_t common;  /* side by side: enum page_common, the greatest */
};

/* One row of cells being read. */
struct row_reader {
	struct census *cells;
	uint64_t base;       /* page of the first cell */
	uint64_t first, end; /* pages to read, within the row and the region */
	int zoom;
};

typedef void take_run(struct census *, uint32_t value, uint64_t pages);

static void take_state(struct census *c, uint32_t value, uint64_t pages)
{
	c->counts[value & PAGE_STATE_MASK] += pages;
}

static void take_since(struct census *c, uint32_t value, uint64_t pages)
{
	if (value > c->since)
		c->since = value;
}

static void take_change(struct census *c, uint32_t value, uint64_t pages)
{
	c->changed = c->changed || value != 0;
}

static void take_common(struct census *c, uint32_t value, uint64_t pages)
{
	if (value > c->common)
		c->common = value;
}

static void take_difference(struct census *c, uint32_t value, uint64_t pages)
{
	if (value > c->differs)
		c->differs = value;
}

static void share_out(const struct row_reader *r, uint64_t first, uint64_t end, uint32_t value,
		      take_run *take)
{
	while (first < end) {
		uint64_t cell = (first - r->base) >> r->zoom;
		uint64_t cell_end = r->base + ((cell + 1) << r->zoom);
		uint64_t stop = min(end, cell_end);

		take(&r->cells[cell], value, stop - first);
		first = stop;
	}
}

static void iterate_row(const struct row_reader *r, const struct runs *runs, take_run *take)
{
	struct runs_iter iter = runs_iter(runs, r->first, r->end);
	struct run run;

	while (runs_next(&iter, &run))
		share_out(r, run.first, run.end, run.value, take);
}

/* Reads a cell with many runs: the census of states, else the greatest value. */
static void ask_cell(struct census *c, const struct runs *runs, uint64_t first, uint64_t end, take_run *take)
{
	if (take == take_state)
		runs_count(runs, first, end, c->counts);
	else
		take(c, runs_max(runs, first, end), end - first);
}

static void ask_row(const struct row_reader *r, const struct runs *runs, take_run *take)
{
	uint64_t at = r->first;

	while (at < r->end) {
		struct run run = runs_at(runs, at);
		uint64_t cell = (at - r->base) >> r->zoom;
		uint64_t cell_end = r->base + ((cell + 1) << r->zoom);
		uint64_t stop = min(run.end, r->end);

		if (cell_end > r->end)
			cell_end = r->end;
		if (stop >= cell_end) {
			share_out(r, at, stop, run.value, take);
			at = stop;
			/* the rest of a cell in which the run ends is read separately */
			continue;
		}
		ask_cell(&r->cells[cell], runs, at, cell_end, take);
		at = cell_end;
	}
}

static void read_row(const struct row_reader *r, const struct runs *runs, take_run *take)
{
	if (r->zoom <= RUNS_ZOOM)
		iterate_row(r, runs, take);
	else
		ask_row(r, runs, take);
}

/* What drawing needs throughout. */
struct grid {
	struct area area;
	const struct scene *scene;
	const struct layout *layout;
	const struct space *space;     /* what the layout was made from: the process's, or that of two */
	const struct aligned *aligned; /* these were compared, or NULL ... */
	enum aligned_side side;        /* ... and this is one of them */
	const struct band *selected;   /* the band of the cursor's page */
	struct census *cells;
	int margin;
	int64_t cursor_row; /* of the layout; -1: none */
	int cursor_column;
	bool settling;      /* a page may be fresh */
	uint64_t linked[3]; /* pages: the ends of the call's memory that the cursor is in, and the other
			     * mapping of its file's page; RUNS_END: none */
};

/* Of two that were compared: a page that really differs, on a side that has it. */
static bool cell_differs(const struct census *c, const struct glyph *glyph)
{
	return c->differs == ALIGNED_REAL && glyph->ink != INK_STATE + PAGE_NONE;
}

static struct pen cell_pen(const struct grid *g, const struct census *c, struct glyph glyph, bool cursor,
			   bool region)
{
	enum paper paper = g->settling ? scene_fresh(g->scene, c->since) : PAPER_PLAIN;

	/* what is only reserved needs little attention */
	if (paper != PAPER_PLAIN && page_state_untouched((enum page_state)(glyph.ink - INK_STATE)))
		paper = PAPER_FRESH3;
	if (cursor)
		paper = PAPER_CURSOR;
	else if (paper == PAPER_PLAIN && (c->changed || cell_differs(c, &glyph) ||
					  (c->common == PAGE_COMMON_OWN && !g->area.canvas->mono)))
		paper = PAPER_CHANGED;
	else if (paper == PAPER_PLAIN && c->linked)
		paper = PAPER_SELECTED;
	else if (paper == PAPER_PLAIN && region)
		paper = PAPER_REGION;
	if (c->differs && c->differs != ALIGNED_REAL && !cursor)
		glyph.ink = INK_DIM; /* by chance */
	return (struct pen){ glyph.ink, (uint8_t)paper, glyph.style };
}

/* What two processes share is shown by the shape; the ink still shows the state. */
static uint32_t cell_glyph(const struct grid *g, const struct census *c, struct glyph glyph, bool cursor)
{
	/* a full block would hide the cursor's paper */
	if (cursor && glyph.ch == GLYPH_FULL)
		return glyph_page((enum page_state)(glyph.ink - INK_STATE), g->area.canvas->ascii);
	if (c->common == PAGE_COMMON_SAME || c->common == PAGE_COMMON_MAYBE)
		return glyph_common((enum page_common)c->common, g->area.canvas->ascii);
	return glyph.ch;
}

static void draw_ghost_cells(const struct grid *g, int row, uint64_t first, uint64_t end)
{
	for (uint64_t i = first; i < end; i++)
		area_put(g->area, row, g->margin + (int)i, g->area.canvas->ascii ? '-' : 0x2219,
			 PEN(INK_GHOST));
}

static void draw_cells(const struct grid *g, int row, const struct band *band, int64_t index)
{
	const struct space *s = g->scene->process->space;
	const struct view *v = g->scene->view;
	const struct canvas *canvas = g->area.canvas;
	int zoom = g->layout->zoom;
	uint64_t columns = (uint64_t)g->layout->columns, first_cell, end_cell;
	struct row_reader r = { .cells = g->cells, .zoom = zoom };
	bool cursor_here = g->cursor_row == v->grid.top + row;
	struct glyph glyph = { 0 };

	r.base = band->first_cell + (((uint64_t)index * columns) << zoom);
	r.first = max(r.base, band->first);
	r.end = r.base + (columns << zoom);
	if (r.end > band->end)
		r.end = band->end;
	if (r.first >= r.end)
		return; /* held in reserve */
	first_cell = (r.first - r.base) >> zoom;
	end_cell = ((r.end - 1 - r.base) >> zoom) + 1;
	if (band->ghost) {
		draw_ghost_cells(g, row, first_cell, end_cell);
		return;
	}
	memset(g->cells + first_cell, 0, (end_cell - first_cell) * sizeof *g->cells);
	read_row(&r, s->pages, take_state);
	if (g->settling)
		read_row(&r, s->since, take_since);
	if (g->aligned)
		read_row(&r, g->aligned->differs, take_difference);
	else if (g->scene->pair) {
		read_row(&r, g->scene->pair->common, take_common);
		read_row(&r, g->scene->pair->parted, take_since);
	}
	if (v->snapshots.compared)
		read_row(&r, v->snapshots.diff.changes, take_change);
	for (int i = 0; i < 3; i++)
		if (g->linked[i] >= r.first && g->linked[i] < r.end)
			g->cells[(g->linked[i] - r.base) >> zoom].linked = true;
	for (uint64_t i = first_cell; i < end_cell; i++) {
		bool cursor = cursor_here && (int)i == g->cursor_column;

		/* mostly as its neighbour */
		if (i == first_cell ||
		    memcmp(g->cells[i].counts, g->cells[i - 1].counts, sizeof g->cells[i].counts))
			glyph = glyph_cell(g->cells[i].counts, zoom > 0, canvas->ascii, canvas->mono);
		area_put(g->area, row, g->margin + (int)i, cell_glyph(g, &g->cells[i], glyph, cursor),
			 cell_pen(g, &g->cells[i], glyph, cursor, band == g->selected));
	}
}

static const struct region *region_of(const struct grid *g, const struct band *band)
{
	return space_find_near(g->space, band->id, space_address(g->space, band->first));
}

/* The kind, beside a band's first row. */
static void draw_margin(const struct grid *g, int row, const struct band *band, int64_t index)
{
	const struct region *r = region_of(g, band);
	bool selected = band == g->selected;
	struct pen pen = PEN(band->ghost ? INK_GHOST : selected ? INK_STRONG : INK_DIM);
	int indent = g->margin >= 10 ? 1 : 0;

	if (selected)
		area_put(g->area, row, g->margin - 1, g->area.canvas->ascii ? '>' : 0x258f, PEN(INK_ACCENT));
	if (index == 0 && r)
		area_fit(g->area, row, indent, g->margin - indent - 1, pen,
			 space_region_word(g->scene->process->space, r), TEXT_CUT_RIGHT);
}

/* A group of regions under one heading. */
struct group {
	uint64_t counts[PAGE_STATES];
	uint64_t pages;
	int regions;
	bool alive;
};

static struct group group_of(const struct grid *g, const struct band *heading)
{
	const struct space *s = g->scene->process->space;
	const struct band *end = g->layout->bands + g->layout->count;
	struct group group = { 0 };

	for (const struct band *b = heading; b < end && (b == heading || !b->heading); b++) {
		const struct region *r = region_of(g, b);

		group.regions++;
		if (!r || b->ghost)
			continue;
		group.alive = true;
		group.pages += b->end - b->first;
		space_add_region_counts(s, r, group.counts);
	}
	return group;
}

/* A count in full while it is short. */
static const char *count_text(char buf[static 16], uint64_t count)
{
	if (count >= 100000)
		return text_count(buf, count);
	snprintf(buf, 16, "%u", (unsigned)count);
	return buf;
}

/* What stands at the right of a heading; `brief`, or where there is no room for more: without words and rights. */
static void heading_figures(char *text, size_t size, const struct group *group, const struct region *r,
			    bool brief, int room)
{
	uint64_t unknown = group->counts[PAGE_UNKNOWN];
	char pages[16], resident[40], perms[5];

	if (!group->alive) {
		snprintf(text, size, "%s", _("gone"));
		return;
	}
	count_text(pages, group->pages);
	if (unknown == group->pages)
		snprintf(resident, sizeof resident, "?");
	else
		count_text(resident, page_resident(group->counts));
	if (unknown && unknown < group->pages) /* perhaps more are */
		strcat(resident, "+?");
	snprintf(text, size, ngettext("%s%s%s page  %s resident", "%s%s%s pages  %s resident", group->pages),
		 group->regions == 1 ? region_perms_text(perms, r->attr.perms) : "",
		 group->regions == 1 ? "  " : "", pages, resident);
	if (brief || text_columns(text) > room)
		snprintf(text, size, "%s/%s", resident, pages);
}

/* Side by side: whether this one of the two has any part of the band, and where. */
static bool heading_address(const struct grid *g, const struct band *band, uint64_t *address)
{
	const struct space *s = g->scene->process->space;
	size_t i = space_find_index(s, space_address(s, band->first));
	uint64_t page;

	if (!g->aligned)
		return i < s->count && region_first(s, s->regions[i]) < band->end;
	if (!aligned_begin(g->aligned, g->side, band->first, band->end, &page))
		return false;
	*address = space_address(s, page);
	return true;
}

static void draw_heading(const struct grid *g, int row, const struct band *band)
{
	const struct space *s = g->scene->process->space;
	const struct region *r = region_of(g, band);
	struct group group = group_of(g, band);
	int width = g->layout->columns, column = g->margin,
	    digits = g->scene->process->identity.bits == 32 ? 8 : 12;
	uint64_t address = space_address(s, band->first);
	char figures[160], *shown;
	const char *name;
	bool here, brief = width < 48 || g->scene->pair;

	if (!r)
		return;
	shown = text_shown_dup(region_name(&r->attr));
	name = *shown ? shown : region_kind_name(r->attr.kind);
	here = !g->scene->pair || heading_address(g, band, &address);
	if (here || !g->aligned) { /* what is not there has no address */
		column = area_printf(g->area, row, column, PEN(group.alive ? INK_DIM : INK_GHOST),
				     "0x%0*" PRIx64, digits, address);
		column += width < 48 ? 1 : 2;
	}
	width -= column - g->margin + 1;
	if (!here)
		snprintf(figures, sizeof figures, "%s", _("not in this one"));
	else
		heading_figures(figures, sizeof figures, &group, r, brief,
				width - min(text_columns(name), NAME_COLUMNS));
	width -= text_columns(figures);
	area_fit(g->area, row, column, width, PEN(group.alive ? INK_STRONG : INK_GHOST), name,
		 TEXT_CUT_MIDDLE);
	area_text_right(g->area, row, g->margin + g->layout->columns, PEN(group.alive ? INK_DIM : INK_GHOST),
			figures);
	free(shown);
}

static void draw_gap(const struct grid *g, int row, const struct band *band)
{
	char size[16], text[96];

	text_size(size, band->gap_pages << g->scene->process->space->page_shift);
	snprintf(text, sizeof text, _("gap %s"), size);
	area_put(g->area, row, g->margin, 0x22ef, PEN(INK_LINE));
	area_text(g->area, row, g->margin + 2, PEN(INK_DIM), text);
}

static void draw_row(const struct grid *g, int row)
{
	const struct band *band;
	int64_t index;

	switch (layout_row(g->layout, g->scene->view->grid.top + row, &band, &index)) {
	case LAYOUT_ROW_HEADING:
		draw_heading(g, row, band);
		break;
	case LAYOUT_ROW_GAP:
		draw_gap(g, row, band);
		break;
	case LAYOUT_ROW_CELLS:
		draw_margin(g, row, band, index);
		draw_cells(g, row, band, index);
		break;
	case LAYOUT_ROW_NONE:
		break;
	}
}

void grid_draw_scroll_bar(struct area a, const struct scene *scene, int column)
{
	int64_t rows = scene->layout->rows, sight = a.rows, top = scene->view->grid.top;
	int64_t length, at;

	if (column < 0 || rows <= sight)
		return;
	length = (int64_t)((double)sight / (double)rows * (double)sight);
	if (length < 1)
		length = 1;
	at = (int64_t)((double)top / (double)(rows - sight) * (double)(sight - length) + 0.5);
	if (at > sight - length)
		at = sight - length;
	for (int64_t i = 0; i < length; i++)
		area_put(a, (int)(at + i), column, 0x2502, PEN(INK_DIM));
}

/* Why there is nothing: the filter, a denied reading, or a process without memory. */
static void draw_nothing(const struct grid *g)
{
	const struct source_status *maps = &g->scene->process->sources[SOURCE_MAPS];
	const struct view *v = g->scene->view;
	const char *text = _("This process has no memory of its own.");

	if (region_filter_is_set(&v->regions.filter))
		text = _("No region matches.");
	else if (maps->known && !maps->ok)
		text = maps->why;
	area_wrap(g->area, 1, g->margin, g->layout->columns, g->area.rows - 1, PEN(INK_DIM), text);
}

static const struct band *band_of_cursor(const struct grid *g)
{
	const struct band *band;
	int64_t index;

	if (g->cursor_row < 0)
		return NULL;
	return layout_row(g->layout, g->cursor_row, &band, &index) == LAYOUT_ROW_CELLS ? band : NULL;
}

/* Finds where the memory of a call begins and ends, if the region does not show that. */
static void find_linked(struct grid *g)
{
	const struct process *p = g->scene->process;
	uint64_t page = g->scene->view->grid.cursor, address = space_address(p->space, page);
	const struct call_entry *entry = mapping_call(&p->calls, address);
	const struct region *region = space_find(p->space, address);

	for (int i = 0; i < 3; i++)
		g->linked[i] = RUNS_END;
	if (g->scene->pair || !region)
		return;
	if (entry && (entry->call.start > region->attr.start || entry->call.end < region->attr.end)) {
		g->linked[0] = space_page(p->space, entry->call.start);
		g->linked[1] = space_page(p->space, entry->call.end - 1);
	}
	mapping_twin(p->space, page, &g->linked[2]);
}

void grid_draw(struct area a, const struct scene *scene, int margin)
{
	struct grid g = {
		.area = a, .scene = scene, .layout = scene->layout, .cursor_row = -1, .margin = margin
	};

	g.space = scene_layout_space(scene);
	g.aligned = scene_aligned(scene);
	g.side = g.aligned ? aligned_side_of(g.aligned, scene->process) : ALIGNED_A;
	g.settling =
	    !g.aligned && (scene->now_ns < scene->process->course.changed_ns + SCENE_FRESH3_NS ||
			   (scene->pair && scene->now_ns < scene->pair->parted_ns + SCENE_FRESH3_NS));
	if (g.layout->count == 0) {
		draw_nothing(&g);
		return;
	}
	if (!layout_find(g.layout, scene->view->grid.cursor, &g.cursor_row, &g.cursor_column))
		g.cursor_row = -1;
	g.selected = band_of_cursor(&g);
	find_linked(&g);
	g.cells = mem_alloc((size_t)g.layout->columns * sizeof *g.cells);
	for (int row = 0; row < a.rows; row++)
		draw_row(&g, row);
	free(g.cells);
}

void panel_grid(struct area a, const struct scene *scene)
{
	struct screen_parts parts;

	screen_parts(&parts, scene->view);
	grid_draw(a, scene, parts.margin_columns);
	grid_draw_scroll_bar(a, scene, parts.scroll_column < 0 ? -1 : parts.scroll_column - a.column);
}
