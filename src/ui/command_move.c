/* Moving about: where the arrows go depends on which panel has the keyboard. In the grid
 * the cursor goes from cell to cell: sideways along the pages, over the ends of
 * regions; up and down by rows, over gaps, headings and rows held in reserve. */
#include "ui/command_move.h"

#include "base/bisect.h"
#include "base/i18n.h"
#include "base/minmax.h"
#include "ui/command_view.h"
#include "ui/command_time.h"
#include "ui/jump.h"
#include "ui/key.h"
#include "ui/state.h"

static bool usable(const struct band *band)
{
	return !band->ghost && band->first < band->end;
}

/* The rows of a band that hold pages; the others are its reserve. */
static int64_t row_of(const struct layout *l, const struct band *band, uint64_t page)
{
	return band->cells_row + (int64_t)((page - band->first_cell) >> l->zoom) / l->columns;
}

/* The band that a row belongs to: the last one that begins at or above it. */
static size_t band_at(const struct layout *l, int64_t row)
{
	size_t at;

	bisect(at, 1, l->count, l->bands[at].row <= row);
	return at - 1;
}

/* The nearest row with pages at or below `row` (at or above, where not `down`); -1: none. */
static int64_t row_with_pages(const struct layout *l, int64_t row, bool down)
{
	size_t i = band_at(l, row);

	while (i < l->count) {
		const struct band *band = &l->bands[i];

		if (usable(band)) {
			int64_t top = row_of(l, band, band->first), bottom = row_of(l, band, band->end - 1);

			if (down && row <= bottom)
				return max(row, top);
			if (!down && row >= top)
				return min(row, bottom);
		}
		i = down ? i + 1 : i - 1; /* below 0 wraps past the count */
	}
	return -1;
}

/* The cell of a row nearest to a column. */
static bool cell_near(const struct layout *l, int64_t row, int column, uint64_t *page)
{
	uint64_t end;
	int i;

	for (i = 0; i < l->columns; i++) {
		if (column - i >= 0 && layout_cell(l, row, column - i, page, &end))
			return true;
		if (column + i < l->columns && layout_cell(l, row, column + i, page, &end))
			return true;
	}
	return false;
}

static void move_rows(struct ui *ui, int64_t delta)
{
	const struct layout *l = &ui->viewport.layout;
	int64_t row, to;
	uint64_t page;
	int column;

	if (l->count == 0 || !layout_find(l, ui->view.grid.cursor, &row, &column))
		return;
	if (ui->viewport.column < 0)
		ui->viewport.column = column;
	to = row + delta < 0 ? 0 : row + delta >= l->rows ? l->rows - 1 : row + delta;
	to = row_with_pages(l, to, delta > 0);
	if (to < 0) /* beyond the last: as far as it goes */
		to = row_with_pages(l, delta > 0 ? l->rows - 1 : 0, delta < 0);
	if (to >= 0 && to != row && cell_near(l, to, ui->viewport.column, &page)) {
		column = ui->viewport.column;
		ui_move(ui, page);
		ui->viewport.column = column;
	}
}

static const struct band *neighbour(const struct layout *l, const struct band *band, int step)
{
	const struct band *at = band;

	for (;;) {
		if (step < 0 ? at == l->bands : at + 1 == l->bands + l->count)
			return NULL;
		at += step;
		if (usable(at))
			return at;
	}
}

static void move_cells(struct ui *ui, int step)
{
	const struct layout *l = &ui->viewport.layout;
	const struct band *band, *beside;
	int64_t row, index;
	uint64_t first, end;
	int column;

	ui->viewport.column = -1;
	if (!layout_find(l, ui->view.grid.cursor, &row, &column) ||
	    !layout_cell(l, row, column, &first, &end))
		return;
	layout_row(l, row, &band, &index);
	if (step < 0 && first > band->first)
		ui_move(ui, first - 1);
	else if (step > 0 && end < band->end)
		ui_move(ui, end);
	else if ((beside = neighbour(l, band, step)) != NULL)
		ui_move(ui, step < 0 ? beside->end - 1 : beside->first);
}

static void select_line(struct ui *ui, int line)
{
	if (ui->viewport.list.count == 0)
		return;
	line = clamp(line, 0, (int)ui->viewport.list.count - 1);
	if (line != ui->view.regions.at)
		ui_move(ui, ui->viewport.list.rows[line].first);
}

static void move_lines(struct ui *ui, int lines)
{
	if (ui->view.overlay.ops) {
		struct scene scene = ui_scene(ui);

		overlay_scroll(&ui->view.overlay, &scene, lines);
	} else if (ui->view.focus == VIEW_FOCUS_TIMELINE) {
		time_scroll(ui, lines * 10);
	} else if (ui->view.focus == VIEW_FOCUS_REGIONS) {
		select_line(ui, ui->view.regions.at + lines);
	} else if (ui->view.focus == VIEW_FOCUS_DETAIL) {
		tab_scroll(ui->view.tabs.shown, lines);
	} else {
		move_rows(ui, lines);
	}
}

/* How far a page key goes: what can be seen, less one line for the eye to hold on to. */
static int page_lines(const struct ui *ui)
{
	int rows = ui->viewport.parts.grid.rows;

	if (ui->view.overlay.ops)
		rows = ui->view.rows - 4;
	else if (ui->view.focus == VIEW_FOCUS_REGIONS)
		rows = ui->viewport.parts.regions.rows - 1;
	else if (ui->view.focus == VIEW_FOCUS_DETAIL)
		rows = ui->viewport.parts.tab.rows;
	return rows > 2 ? rows - 1 : 1;
}

static void run_left(struct ui *ui, const char *arg)
{
	if (ui->view.focus == VIEW_FOCUS_TIMELINE)
		time_scroll(ui, -1);
	else if (ui->view.focus == VIEW_FOCUS_DETAIL)
		tabs_go_sideways(&ui->view.tabs, -1);
	else
		move_cells(ui, -1);
}

static void run_right(struct ui *ui, const char *arg)
{
	if (ui->view.focus == VIEW_FOCUS_TIMELINE)
		time_scroll(ui, 1);
	else if (ui->view.focus == VIEW_FOCUS_DETAIL)
		tabs_go_sideways(&ui->view.tabs, 1);
	else
		move_cells(ui, 1);
}

static void run_up(struct ui *ui, const char *arg)
{
	move_lines(ui, -1);
}

static void run_down(struct ui *ui, const char *arg)
{
	move_lines(ui, 1);
}

static void run_page_up(struct ui *ui, const char *arg)
{
	move_lines(ui, -page_lines(ui));
}

static void run_page_down(struct ui *ui, const char *arg)
{
	move_lines(ui, page_lines(ui));
}

/* To the first page of the region, and from there to the very first. */
static void run_home(struct ui *ui, const char *arg)
{
	const struct space *space = ui_layout_space(ui);
	const struct region *r = space_find(space, space_address(space, ui->view.grid.cursor));
	size_t i = 0;

	if (ui->view.overlay.ops || ui->view.focus != VIEW_FOCUS_GRID) {
		move_lines(ui, -1000000);
		return;
	}
	ui->viewport.column = -1;
	while (i < ui->viewport.layout.count && !usable(&ui->viewport.layout.bands[i]))
		i++;
	if (r && region_first(space, r) < ui->view.grid.cursor)
		ui_move(ui, region_first(space, r));
	else if (i < ui->viewport.layout.count)
		ui_move(ui, ui->viewport.layout.bands[i].first);
}

static void run_end(struct ui *ui, const char *arg)
{
	const struct space *space = ui_layout_space(ui);
	const struct region *r = space_find(space, space_address(space, ui->view.grid.cursor));
	size_t i = ui->viewport.layout.count;

	if (ui->view.overlay.ops || ui->view.focus != VIEW_FOCUS_GRID) {
		move_lines(ui, 1000000);
		return;
	}
	ui->viewport.column = -1;
	while (i > 0 && !usable(&ui->viewport.layout.bands[i - 1]))
		i--;
	if (r && region_end(space, r) - 1 > ui->view.grid.cursor)
		ui_move(ui, region_end(space, r) - 1);
	else if (i > 0)
		ui_move(ui, ui->viewport.layout.bands[i - 1].end - 1);
}

static void run_next_region(struct ui *ui, const char *arg)
{
	jump_region(ui, 1);
}

static void run_previous_region(struct ui *ui, const char *arg)
{
	jump_region(ui, -1);
}

static bool is_resident(uint32_t value)
{
	return page_state_resident(page_state(value));
}

static void run_next_resident(struct ui *ui, const char *arg)
{
	jump_page(ui, shown_space(&ui->shown)->pages, 1, is_resident, _("no resident page after this one"));
}

static void run_previous_resident(struct ui *ui, const char *arg)
{
	jump_page(ui, shown_space(&ui->shown)->pages, -1, is_resident, _("no resident page before this one"));
}

/* Enter goes to what the selected line is about; from a list to the grid, in the grid closer. */
static void run_enter(struct ui *ui, const char *arg)
{
	if (ui->view.overlay.ops)
		overlay_close(&ui->view.overlay);
	else if (command_view_enter_tab(ui))
		return;
	else if (ui->view.focus != VIEW_FOCUS_GRID)
		ui->view.focus = VIEW_FOCUS_GRID;
	else
		command_view_zoom(ui, -1);
}

/* Escape leaves one thing at a time: what lies on top, the filter, the panel. */
static void run_escape(struct ui *ui, const char *arg)
{
	if (ui->view.overlay.ops)
		overlay_close(&ui->view.overlay);
	else if (command_view_escape_tab(ui))
		return;
	else if (ui->view.regions.filter.text[0])
		ui->view.regions.filter.text[0] = '\0';
	else if (ui->view.grid.chase)
		ui->view.grid.chase = false;
	else
		ui->view.focus = VIEW_FOCUS_GRID;
}

/* clang-format off */
static const struct command rows[] = {
	{"left", {KEY_CODE_LEFT}, N_("one cell left, right; in a panel: next tab"), run_left, COMMAND_ANY},
	{"right", {KEY_CODE_RIGHT}, NULL, run_right, COMMAND_ANY},
	{"up", {KEY_CODE_UP, 'k'}, N_("one row or line up, down; also k, j"), run_up, COMMAND_ANY},
	{"down", {KEY_CODE_DOWN, 'j'}, NULL, run_down, COMMAND_ANY},
	{"page-up", {KEY_CODE_PGUP}, N_("one screen up, down"), run_page_up, COMMAND_ANY},
	{"page-down", {KEY_CODE_PGDN}, NULL, run_page_down, COMMAND_ANY},
	{"home", {KEY_CODE_HOME}, N_("ends of the region, then of everything"), run_home, COMMAND_ANY},
	{"end", {KEY_CODE_END}, NULL, run_end, COMMAND_ANY},
	{"next-region", {']'}, N_("next, previous region"), run_next_region, COMMAND_ANY},
	{"previous-region", {'['}, NULL, run_previous_region, COMMAND_ANY},
	{"next-resident", {'}'}, N_("next, previous resident page"), run_next_resident, COMMAND_ANY},
	{"previous-resident", {'{'}, NULL, run_previous_resident, COMMAND_ANY},
	{"enter", {'\n'}, N_("from a panel to the grid; there: zoom in"), run_enter, COMMAND_ANY},
	{"escape", {KEY_ESCAPE}, N_("close; clear the filter; back to the grid"), run_escape, COMMAND_ANY},
	{0},
};
/* clang-format on */

const struct command_group command_move = { N_("Moving"), rows, COMMAND_ANY };
