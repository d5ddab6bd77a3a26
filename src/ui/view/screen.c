/* Each panel in its part; the overlay over all. */
#include "ui/view/screen.h"

#include <stdio.h>

#include "base/i18n.h"
#include "ui/view/panel.h"
#include "ui/view/screen_parts.h"

static void draw_too_small(struct canvas *c)
{
	struct area all = area_all(c);
	char text[128];
	int columns;

	/* few words, as there is little room */
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

	if (!p->regions.columns || p->regions_below)
		return;
	for (int row = 0; row < p->regions.rows; row++)
		area_put(all, p->regions.row + row, p->regions.columns, 0x2502, PEN(INK_LINE));
	below = &c->cells[(size_t)p->detail.row * (size_t)c->columns + (size_t)p->regions.columns];
	if (below->ch == 0x2500)
		area_put(all, p->detail.row, p->regions.columns, 0x2534,
			 (struct pen){ below->ink, below->paper, below->style });
}

static void draw_header(struct area a, const struct scene *scene)
{
	if (scene_aligned(scene))
		panel_header_compared(a, scene_aligned(scene));
	else
		panel_header(a, scene);
}

/* What stands at the left of the grid. */
static void draw_left(struct area a, const struct scene *scene)
{
	const struct view *v = scene->view;

	if (v->processes)
		panel_processes(a, scene->world, v->pid);
	else
		panel_regions(a, scene->list, v->regions.top, v->regions.at, v->focus == VIEW_FOCUS_REGIONS);
}

struct scroll_ends screen_draw(struct canvas *c, const struct scene *scene)
{
	const struct view *v = scene->view;
	struct area all = area_all(c);
	struct scroll_ends ends = { 0 };
	struct screen_parts p;

	canvas_clear(c);
	screen_parts(&p, v);
	if (!p.grid.rows) {
		draw_too_small(c);
		return ends;
	}
	draw_header(area_part(all, p.header_row, 0, 1, c->columns), scene);
	if (p.regions.rows && !p.regions_below)
		draw_left(area_part(all, p.regions.row, 0, p.regions.rows, p.regions.columns), scene);
	if (v->pair && scene->pair)
		panel_pair(area_part(all, p.grid.row - p.title_rows, p.grid.column - p.margin_columns,
				     p.grid.rows + p.title_rows,
				     c->columns - p.grid.column + p.margin_columns),
			   scene);
	else
		panel_grid(
		    area_part(all, p.grid.row, p.grid.column - p.margin_columns, p.grid.rows, c->columns),
		    scene);
	ends.tab = panel_detail(area_part(all, p.detail.row, 0, p.detail.rows, c->columns), scene);
	panel_timeline(area_part(all, p.timeline.row, 0, p.timeline.rows, c->columns), scene->process,
		       &scene->timeline, scene->layout->zoom, v->focus == VIEW_FOCUS_TIMELINE);
	panel_footer(area_part(all, p.footer_row, 0, 1, c->columns), &v->prompt, &v->message, scene->keys);
	draw_separator(c, &p);
	if (v->overlay.ops)
		ends.overlay = v->overlay.ops->draw(all, scene, &v->overlay);
	return ends;
}
