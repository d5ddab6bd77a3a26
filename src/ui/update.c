/* What follows from the model and the view at every picture: where things stand.
 *
 * The cursor is a page and stays on it. The grid's top is a row of the layout; when
 * the layout moves (a zoom, a new width, a band that outgrew its reserve) the row of
 * the cursor's cell is held at its distance from the top, so that what one looks at
 * stays where it is on the screen. Only a cursor that was moved is scrolled to; a
 * wheel may scroll away from it. */
#include <string.h>

#include "ui/state.h"

/* Where to look first: what the user most likely came for. */
static const struct region *first_region(const struct ui *ui, const struct space *space)
{
	const struct region *resident = NULL;
	size_t i;

	for (i = 0; i < space->count; i++) {
		const struct region *r = space->regions[i];
		uint64_t counts[PAGE_STATES] = { 0 };

		if (ui->process->launched ? r->attr.kind == REGION_TEXT : r->attr.kind == REGION_HEAP)
			return r;
		if (resident)
			continue;
		space_count_region(space, r, counts);
		if (page_resident(counts) > 0)
			resident = r;
	}
	return resident ? resident : space->count > 0 ? space->regions[0] : NULL;
}

static uint64_t first_resident_page(const struct space *space, const struct region *r)
{
	struct runs_iter iter = runs_iter(space->pages, region_first(space, r), region_end(space, r));
	struct run run;

	while (runs_next(&iter, &run))
		if (page_state_resident(page_state(run.value)))
			return run.first;
	return region_first(space, r);
}

static void place_cursor(struct ui *ui, const struct space *space)
{
	const struct region *r = first_region(ui, space);

	if (!r)
		return;
	ui->view.grid.cursor = first_resident_page(space, r);
	ui->placed = true;
	ui->seen_execs = ui_shown(ui)->execs;
}

static void chase_changes(struct ui *ui, const struct space *space)
{
	if (!ui->view.grid.chase || space->changed_ns <= ui->chased_ns)
		return;
	ui->chased_ns = space->changed_ns;
	if (space_find(space, space_address(space, space->changed_page)))
		ui->view.grid.cursor = space->changed_page;
}

/* The page nearest to the cursor that has a place, when the cursor's has none. */
static void rescue_cursor(struct ui *ui, const struct space *space)
{
	uint64_t cursor = ui->view.grid.cursor, best = cursor, distance = UINT64_MAX;
	int64_t row;
	int column;
	size_t i;

	if (space_find(space, space_address(space, cursor)) &&
	    layout_find(&ui->layout, cursor, &row, &column))
		return;
	for (i = 0; i < ui->layout.count; i++) {
		const struct band *band = &ui->layout.bands[i];
		uint64_t near, far;

		if (band->ghost || band->first >= band->end)
			continue;
		near = cursor < band->first ? band->first : cursor >= band->end ? band->end - 1 : cursor;
		far = near > cursor ? near - cursor : cursor - near;
		if (far < distance) {
			distance = far;
			best = near;
		}
	}
	ui->view.grid.cursor = best;
}

/* Zoomed out as far as the whole needs; never in again by itself, which would make
 * the picture jump to and fro. */
static void fit_zoom(struct ui *ui, const struct space *space)
{
	bool resized = ui->seen_columns != ui->parts.grid_columns || ui->seen_rows != ui->parts.grid_rows;
	int zoom;

	if (!ui->view.grid.zoom_auto || (!resized && ui->seen_regions == space->region_generation))
		return;
	zoom =
	    layout_zoom_to_fit(space, &ui->view.regions.filter, ui->parts.grid_columns, ui->parts.grid_rows);
	if (resized || zoom > ui->view.grid.zoom)
		ui->view.grid.zoom = zoom;
}

static void clamp_top(struct ui *ui)
{
	int64_t most = ui->layout.rows - ui->parts.grid_rows;

	if (ui->view.grid.top > most)
		ui->view.grid.top = most;
	if (ui->view.grid.top < 0)
		ui->view.grid.top = 0;
}

#define CONTEXT_ROWS 4

/* Scrolls so that a row is seen, for a cursor that went there with the heading above. What
 * had to be scrolled to has a few rows around it: what lies next to it is often what comes
 * next, and then there is no need to scroll again. */
static void show_row(struct ui *ui, int64_t row, bool heading)
{
	int64_t rows = ui->parts.grid_rows, context = rows / 4 < CONTEXT_ROWS ? rows / 4 : CONTEXT_ROWS;
	const struct band *band;
	int64_t index, top = row;

	if (heading && layout_row(&ui->layout, row, &band, &index) == ROW_CELLS && band->row > row - 4)
		top = band->row;
	if (top < ui->view.grid.top)
		ui->view.grid.top = top < row - context ? top : row - context;
	else if (row >= ui->view.grid.top + rows)
		ui->view.grid.top = row - rows + 1 + context;
	clamp_top(ui);
}

static void scroll_to_cursor(struct ui *ui, bool moved)
{
	bool wanted = ui->view.grid.cursor != ui->seen_cursor || ui->view.grid.zoom != ui->seen_zoom ||
		      ui->seen_columns != ui->parts.grid_columns || ui->seen_rows != ui->parts.grid_rows;
	int64_t row;
	int column;

	if (!layout_find(&ui->layout, ui->view.grid.cursor, &row, &column)) {
		clamp_top(ui);
		return;
	}
	if (moved && ui->view.grid.cursor == ui->seen_cursor)
		ui->view.grid.top = row - ui->cursor_offset;
	clamp_top(ui);
	if (wanted)
		show_row(ui, row, ui->view.grid.cursor != ui->seen_cursor);
	ui->cursor_offset = row - ui->view.grid.top;
}

/* The line of the list that the cursor's region is in. */
static int list_line(const struct ui *ui, const struct space *space)
{
	const struct region *r = space_find(space, space_address(space, ui->view.grid.cursor));
	int around = -1;
	size_t i;

	for (i = 0; r && i < ui->list.count; i++) {
		const struct region_row *line = &ui->list.rows[i];

		if (line->id == r->id)
			return (int)i;
		if (ui->view.grid.cursor >= line->first && ui->view.grid.cursor < line->end && around < 0)
			around = (int)i;
	}
	return around;
}

static void update_list(struct ui *ui, const struct space *space)
{
	int rows = ui->parts.regions_rows - 1, count, line; /* without the title */

	region_rows_update(&ui->list, space, &ui->view.regions.filter, ui->view.regions.sort,
			   ui->view.regions.fold);
	count = (int)ui->list.count;
	line = list_line(ui, space);
	if (line >= 0 && (line != ui->view.regions.at || rows != ui->seen_list_rows)) {
		ui->view.regions.at = line;
		if (line < ui->view.regions.top)
			ui->view.regions.top = line;
		if (line >= ui->view.regions.top + rows)
			ui->view.regions.top = line - rows + 1;
	}
	ui->seen_list_rows = rows;
	if (ui->view.regions.at >= count)
		ui->view.regions.at = count > 0 ? count - 1 : 0;
	if (ui->view.regions.top > count - rows)
		ui->view.regions.top = count - rows;
	if (ui->view.regions.top < 0)
		ui->view.regions.top = 0;
}

/* The regions of both, as they are now; false where one of them was forgotten. */
static bool update_pair(struct ui *ui)
{
	const struct process *left = world_find(ui->world, ui->pair.left);
	const struct process *right = world_find(ui->world, ui->pair.right);

	if (left && right)
		pair_update(&ui->pair, left, right, ui->now_ns);
	else
		ui_end_pair(ui);
	return ui->view.pair;
}

/* Each tab hears of another page under the cursor; the shown one brings its lines up to date. */
static void update_tabs(struct ui *ui)
{
	struct tabs *tabs = &ui->view.tabs;

	for (size_t i = 0; i < tabs->count && ui->view.grid.cursor != ui->seen_cursor; i++) {
		struct tab *tab = &tabs->items[i];
		struct scene scene = ui_tab_scene(ui, tab);

		if (tab->ops->cursor_moved)
			tab->ops->cursor_moved(tab, &scene);
	}
	tabs->shown->rows = ui->parts.detail_rows - 1;
	if (tabs->shown->ops->update) {
		struct scene scene = ui_tab_scene(ui, tabs->shown);

		tabs->shown->ops->update(tabs->shown, &scene);
	}
}

void ui_update(struct ui *ui, int rows, int columns)
{
	struct space *space = ui_space(ui), *laid_out = space;
	bool moved;

	if (ui->view.pair)
		laid_out = update_pair(ui) ? ui->pair.both : space;

	ui->view.rows = rows;
	ui->view.columns = columns;
	screen_parts(&ui->parts, &ui->view);
	if (!ui->view.compared && (!ui->placed || ui->seen_execs != ui_shown(ui)->execs))
		place_cursor(ui, space);
	chase_changes(ui, space);
	ui_go_to_stop(ui);
	if (ui->parts.grid_rows > 0 && ui->parts.grid_columns > 0) {
		fit_zoom(ui, laid_out);
		moved = layout_update(&ui->layout, laid_out, ui->view.pid, &ui->view.regions.filter,
				      ui->view.grid.zoom, ui->parts.grid_columns);
		rescue_cursor(ui, laid_out);
		scroll_to_cursor(ui, moved);
	}
	update_list(ui, ui->view.compared ? laid_out : space);
	update_tabs(ui);
	ui->seen_cursor = ui->view.grid.cursor;
	ui->seen_zoom = ui->view.grid.zoom;
	ui->seen_columns = ui->parts.grid_columns;
	ui->seen_rows = ui->parts.grid_rows;
	ui->seen_regions = laid_out->region_generation;
}

void ui_scroll_grid(struct ui *ui, int rows)
{
	int64_t top = ui->view.grid.top;

	ui->view.grid.top += rows;
	clamp_top(ui);
	ui->cursor_offset -= ui->view.grid.top - top;
}

bool ui_visible(const struct ui *ui, uint64_t *first, uint64_t *end)
{
	const struct layout *l = &ui->layout;
	int64_t row, bottom = ui->view.grid.top + ui->parts.grid_rows, index;
	const struct band *band;
	bool any = false;

	for (row = ui->view.grid.top; row < bottom; row++) {
		uint64_t from, to;

		if (layout_row(l, row, &band, &index) != ROW_CELLS ||
		    !layout_row_pages(l, band, index, &from, &to))
			continue;
		*first = any && *first < from ? *first : from;
		*end = any && *end > to ? *end : to;
		any = true;
	}
	return any;
}
