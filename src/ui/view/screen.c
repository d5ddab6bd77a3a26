/* Shares out the rows and columns.
 *
 * The grid has a number of cells that is a multiple of 16 where it can be, so that
 * its rows begin at round addresses; what is left over goes to the regions panel. */
#include "ui/view/screen.h"

#include <stdio.h>

#include "base/i18n.h"
#include "ui/view/panel.h"

static int clamp(int value, int low, int high)
{
	return value < low ? low : value > high ? high : value;
}

#define PAIR_GAP 3 /* a blank, a line, a blank */
#define PAIR_REGIONS                                                                                         \
	106 /* columns from which on two that were compared have room for the regions beside them */
#define TOTALS_COLUMNS 34 /* of the totals beside the regions, below the grid */

static void share_columns(struct screen_parts *p, int columns)
{
	int regions = columns < 72 ? 0 : clamp(columns / 3, 30, 48);
	int cells;

	p->margin_columns = columns < 100 ? 8 : 10;
	/* a separating line before; a blank and the scroll bar behind */
	cells = columns - p->margin_columns - (regions ? regions + 3 : 0);
	cells -= cells % (regions ? 16 : 8);
	if (regions)
		regions = columns - cells - p->margin_columns - 3;
	p->regions_columns = regions;
	p->grid_columns = cells;
	p->grid_column = (regions ? regions + 1 : 0) + p->margin_columns;
	p->scroll_column = p->grid_column + cells < columns ? columns - 1 : -1;
	p->detail_columns = columns;
}

/* Both halves alike; their rows begin at round addresses, too. */
static void share_pair_columns(struct screen_parts *p, int columns, bool list)
{
	int regions = list && columns >= PAIR_REGIONS ? clamp(columns / 4, 26, 40) : 0;
	int cells, left = regions ? regions + 1 : 0;

	p->margin_columns = columns < 100 || regions ? 8 : 10;
	cells = (columns - left - p->margin_columns - PAIR_GAP - 2) / 2;
	cells -= cells % 8;
	if (regions) /* what is left over */
		regions = columns - p->margin_columns - 2 * cells - PAIR_GAP - 3;
	p->regions_columns = regions;
	p->grid_column = (regions ? regions + 1 : 0) + p->margin_columns;
	p->grid_columns = cells;
	p->pair_column = p->grid_column + cells + PAIR_GAP;
	p->scroll_column = columns - 1;
	p->detail_columns = columns;
}

static void share_rows(struct screen_parts *p, int rows, bool tall)
{
	int body;

	p->timeline_rows = rows >= 30 ? 2 : 1;
	p->detail_rows = tall ? clamp(rows * 2 / 3, 3, rows) : clamp(rows / 4, 3, 12);
	p->footer_row = rows - 1;
	p->timeline_row = p->footer_row - p->timeline_rows;
	p->detail_row = p->timeline_row - p->detail_rows;
	body = p->detail_row - 1;
	p->grid_row = p->regions_row = 1;
	p->grid_rows = body;
	p->regions_rows = p->regions_columns ? body : 0;
}

static void put_regions_below(struct screen_parts *p, int columns)
{
	p->regions_below = true;
	p->regions_column = columns > 2 * TOTALS_COLUMNS ? TOTALS_COLUMNS : 0;
	p->regions_columns = columns - p->regions_column;
	p->regions_row = p->detail_row + 1;
	p->regions_rows = p->detail_rows - 1;
}

void screen_parts(struct screen_parts *p, const struct view *v)
{
	*p = (struct screen_parts){ 0 };
	if (v->rows < SCREEN_MIN_ROWS || v->columns < SCREEN_MIN_COLUMNS)
		return;
	if (v->pair)
		share_pair_columns(p, v->columns, v->compared);
	else
		share_columns(p, v->columns);
	share_rows(p, v->rows, v->tall);
	if (v->compared && !p->regions_columns && v->tab == TAB_CHANGES)
		put_regions_below(p, v->columns);
	if (v->pair) {
		p->grid_row += PAIR_TITLE_ROWS;
		p->grid_rows -= PAIR_TITLE_ROWS;
	}
}

static void draw_too_small(struct canvas *c)
{
	struct area all = area_all(c);
	char text[128];
	int columns;

	/* few words: they are needed where there is little room for them */
	snprintf(text, sizeof text, _("needs %dx%d"), SCREEN_MIN_COLUMNS, SCREEN_MIN_ROWS);
	columns = text_columns(text);
	area_fit(all, c->rows / 2, columns < c->columns ? (c->columns - columns) / 2 : 0, c->columns,
		 PEN(INK_TEXT), text, TEXT_CUT_RIGHT);
}

/* The line between the regions and the grid, joined to the rule below. */
static void draw_separator(struct canvas *c, const struct screen_parts *p)
{
	struct area all = area_all(c);
	const struct cell *below;

	if (!p->regions_columns || p->regions_below)
		return;
	for (int row = 0; row < p->regions_rows; row++)
		area_put(all, p->regions_row + row, p->regions_columns, 0x2502, PEN(INK_LINE));
	below = &c->cells[(size_t)p->detail_row * (size_t)c->columns + (size_t)p->regions_columns];
	if (below->ch == 0x2500)
		area_put(all, p->detail_row, p->regions_columns, 0x2534,
			 (struct pen){ below->ink, below->paper, below->style });
}

static void draw_overlay(struct area all, const struct scene *scene)
{
	switch (scene->view->overlay) {
	case OVERLAY_HELP:
		overlay_help(all, scene);
		break;
	case OVERLAY_LEGEND:
		overlay_legend(all, scene);
		break;
	case OVERLAY_MARKS:
		overlay_marks(all, scene);
		break;
	case OVERLAY_QUIT:
		overlay_quit(all, scene);
		break;
	case OVERLAY_NONE:
		break;
	}
}

void screen_draw(struct canvas *c, const struct scene *scene)
{
	struct area all = area_all(c);
	struct screen_parts p;

	canvas_clear(c);
	screen_parts(&p, scene->view);
	if (!p.grid_rows) {
		draw_too_small(c);
		return;
	}
	(scene_aligned(scene) ? panel_header_compared
			      : panel_header)(area_part(all, p.header_row, 0, 1, c->columns), scene);
	if (p.regions_rows && !p.regions_below)
		(scene->view->processes ? panel_processes : panel_regions)(
		    area_part(all, p.regions_row, 0, p.regions_rows, p.regions_columns), scene);
	if (scene->view->pair && scene->pair)
		panel_pair(area_part(all, p.grid_row - PAIR_TITLE_ROWS, p.grid_column - p.margin_columns,
				     p.grid_rows + PAIR_TITLE_ROWS,
				     c->columns - p.grid_column + p.margin_columns),
			   scene);
	else
		panel_grid(
		    area_part(all, p.grid_row, p.grid_column - p.margin_columns, p.grid_rows, c->columns),
		    scene);
	panel_detail(area_part(all, p.detail_row, 0, p.detail_rows, c->columns), scene);
	panel_timeline(area_part(all, p.timeline_row, 0, p.timeline_rows, c->columns), scene);
	panel_footer(area_part(all, p.footer_row, 0, 1, c->columns), scene);
	draw_separator(c, &p);
	draw_overlay(all, scene);
}

enum paper screen_fresh(const struct scene *scene, uint32_t since_ms)
{
	uint64_t since = (uint64_t)since_ms * 1000000;
	uint64_t age = scene->now_ns > since ? scene->now_ns - since : 0;

	if (since_ms == 0 || age >= SCREEN_FRESH3_NS)
		return PAPER_PLAIN;
	return age < SCREEN_FRESH1_NS ? PAPER_FRESH1 : age < SCREEN_FRESH2_NS ? PAPER_FRESH2 : PAPER_FRESH3;
}

bool screen_quiet(const struct scene *scene)
{
	return scene->now_ns >= scene->process->changed_ns + SCREEN_QUIET_NS;
}

/* Times at which the picture changes, seen from now: the nearest of those to come. */
static void note_time(uint64_t *nearest, uint64_t now, uint64_t at)
{
	if (at > now && at - now < *nearest)
		*nearest = at - now;
}

/* Pages changed at many moments; while any is fresh all are looked at this often. */
#define SETTLE_STEP_NS (UINT64_C(200) * 1000000)

uint64_t screen_settle_ns(const struct scene *scene)
{
	const struct space *s = scene->process->space;
	uint64_t nearest = UINT64_MAX, now = scene->now_ns, changed = scene->process->changed_ns;

	if (scene_aligned(scene))
		return UINT64_MAX; /* nothing moves */
	if (scene->pair && scene->pair->parted_ns > changed)
		changed = scene->pair->parted_ns;
	note_time(&nearest, now, changed + SCREEN_FRESH1_NS);
	note_time(&nearest, now, changed + SCREEN_FRESH2_NS);
	note_time(&nearest, now, changed + SCREEN_FRESH3_NS);
	if (nearest != UINT64_MAX)
		note_time(&nearest, now, now + SETTLE_STEP_NS);
	for (size_t i = 0; i < s->ghost_count; i++)
		note_time(&nearest, now, s->ghosts[i]->died_ns + SPACE_GHOST_NS);
	note_time(&nearest, now, changed + SCREEN_QUIET_NS);
	/* a hair later, so that the moment has come by any rounding */
	return nearest == UINT64_MAX ? nearest : nearest + 1000000;
}
