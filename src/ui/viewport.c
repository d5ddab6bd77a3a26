/* The cursor is a page and stays on it. The grid's top is a row of the layout; when the layout
 * moves (a zoom, a new width, a band that outgrew its reserve) the row of the cursor's cell is
 * held at its distance from the top, so what the user looks at stays where it is on the screen.
 * Only a cursor that was moved is scrolled to; a wheel may scroll away from it. */
#include "ui/viewport.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/minmax.h"

void viewport_init(struct viewport *p)
{
	*p = (struct viewport){ .column = -1 };
	layout_init(&p->layout);
}

void viewport_fini(struct viewport *p)
{
	layout_fini(&p->layout);
	region_rows_fini(&p->list);
	free(p->visits);
}

/* Where to look first: what the user most likely wants to see. */
static const struct region *first_region(const struct process *process, const struct space *space)
{
	const struct region *resident = NULL;
	size_t i;

	for (i = 0; i < space->count; i++) {
		const struct region *r = space->regions[i];
		uint64_t counts[PAGE_STATES] = { 0 };

		if (process->identity.launched ? r->attr.kind == REGION_TEXT : r->attr.kind == REGION_HEAP)
			return r;
		if (resident)
			continue;
		space_add_region_counts(space, r, counts);
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

static void place_cursor(struct viewport *p, struct view *v, const struct process *process)
{
	const struct space *space = process->space;
	const struct region *r = first_region(process, space);

	if (!r)
		return;
	v->grid.cursor = first_resident_page(space, r);
	p->placed = true;
	p->seen_execs = process->course.execs;
}

static void chase_changes(struct viewport *p, struct view *v, const struct space *space)
{
	if (!v->grid.chase || space->changed_ns <= p->chased_ns)
		return;
	p->chased_ns = space->changed_ns;
	if (space_find(space, space_address(space, space->changed_page)))
		v->grid.cursor = space->changed_page;
}

/* Moves a cursor whose page is not in the grid to the nearest page that is. */
static void rescue_cursor(struct viewport *p, struct view *v, const struct space *space)
{
	uint64_t cursor = v->grid.cursor, best = cursor, distance = UINT64_MAX;
	int64_t row;
	int column;
	size_t i;

	if (space_find(space, space_address(space, cursor)) && layout_find(&p->layout, cursor, &row, &column))
		return;
	for (i = 0; i < p->layout.count; i++) {
		const struct band *band = &p->layout.bands[i];
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
	v->grid.cursor = best;
}

/* Zooms out until everything fits; never back in by itself, or the picture would jump back and forth. */
static void fit_zoom(struct viewport *p, struct view *v, const struct space *space)
{
	bool resized = p->seen_columns != p->parts.grid.columns || p->seen_rows != p->parts.grid.rows;
	int zoom;

	if (!v->grid.zoom_auto || (!resized && p->seen_regions == space->region_generation))
		return;
	zoom = layout_zoom_to_fit(space, &v->regions.filter, p->parts.grid.columns, p->parts.grid.rows);
	if (resized || zoom > v->grid.zoom)
		v->grid.zoom = zoom;
}

static void clamp_top(struct viewport *p, struct view *v)
{
	v->grid.top = clamp(v->grid.top, INT64_C(0), p->layout.rows - p->parts.grid.rows);
}

#define CONTEXT_ROWS 4

/* Scrolls so that a row is seen, with the heading above it if the cursor moved there. A few rows
 * around it are shown, too: what lies next to it often comes next, and needs no scrolling then. */
static void show_row(struct viewport *p, struct view *v, int64_t row, bool heading)
{
	int64_t rows = p->parts.grid.rows, context = min(rows / 4, CONTEXT_ROWS);
	const struct band *band;
	int64_t index, top = row;

	if (heading && layout_row(&p->layout, row, &band, &index) == LAYOUT_ROW_CELLS && band->row > row - 4)
		top = band->row;
	if (top < v->grid.top)
		v->grid.top = min(top, row - context);
	else if (row >= v->grid.top + rows)
		v->grid.top = row - rows + 1 + context;
	clamp_top(p, v);
}

static void scroll_to_cursor(struct viewport *p, struct view *v, bool moved)
{
	bool wanted = v->grid.cursor != p->seen_cursor || v->grid.zoom != p->seen_zoom ||
		      p->seen_columns != p->parts.grid.columns || p->seen_rows != p->parts.grid.rows;
	int64_t row;
	int column;

	if (!layout_find(&p->layout, v->grid.cursor, &row, &column)) {
		clamp_top(p, v);
		return;
	}
	if (moved && v->grid.cursor == p->seen_cursor)
		v->grid.top = row - p->cursor_offset;
	clamp_top(p, v);
	if (wanted)
		show_row(p, v, row, v->grid.cursor != p->seen_cursor);
	p->cursor_offset = row - v->grid.top;
}

/* The line of the list that the cursor's region is in. */
static int list_line(const struct viewport *p, const struct view *v, const struct space *space)
{
	const struct region *r = space_find(space, space_address(space, v->grid.cursor));
	int around = -1;
	size_t i;

	for (i = 0; r && i < p->list.count; i++) {
		const struct region_row *line = &p->list.rows[i];

		if (line->id == r->id)
			return (int)i;
		if (v->grid.cursor >= line->first && v->grid.cursor < line->end && around < 0)
			around = (int)i;
	}
	return around;
}

static void update_list(struct viewport *p, struct view *v, const struct space *space)
{
	int rows = p->parts.regions.rows - 1, count, line; /* without the title */

	region_rows_update(&p->list, space, &v->regions.filter, v->regions.sort, v->regions.fold);
	count = (int)p->list.count;
	line = list_line(p, v, space);
	if (line >= 0 && (line != v->regions.at || rows != p->seen_list_rows)) {
		v->regions.at = line;
		if (line < v->regions.top)
			v->regions.top = line;
		if (line >= v->regions.top + rows)
			v->regions.top = line - rows + 1;
	}
	p->seen_list_rows = rows;
	v->regions.at = min(v->regions.at, max(count - 1, 0));
	v->regions.top = clamp(v->regions.top, 0, count - rows);
}

void viewport_place_cursor(struct viewport *p, struct view *v, const struct process *process)
{
	if (!v->compared && (!p->placed || p->seen_execs != process->course.execs))
		place_cursor(p, v, process);
	chase_changes(p, v, process->space);
}

bool viewport_update(struct viewport *p, struct view *v, const struct space *space,
		     const struct space *listed)
{
	bool another, moved;

	if (p->parts.grid.rows > 0 && p->parts.grid.columns > 0) {
		fit_zoom(p, v, space);
		moved = layout_update(&p->layout, space, v->pid, &v->regions.filter, v->grid.zoom,
				      p->parts.grid.columns);
		rescue_cursor(p, v, space);
		scroll_to_cursor(p, v, moved);
	}
	update_list(p, v, listed);
	another = v->grid.cursor != p->seen_cursor;
	p->seen_cursor = v->grid.cursor;
	p->seen_zoom = v->grid.zoom;
	p->seen_columns = p->parts.grid.columns;
	p->seen_rows = p->parts.grid.rows;
	p->seen_regions = space->region_generation;
	return another;
}

void viewport_scroll_grid(struct viewport *p, struct view *v, int rows)
{
	int64_t top = v->grid.top;

	v->grid.top += rows;
	clamp_top(p, v);
	p->cursor_offset -= v->grid.top - top;
}

bool viewport_pages(const struct viewport *p, const struct view *v, uint64_t *first, uint64_t *end)
{
	const struct layout *l = &p->layout;
	int64_t row, bottom = v->grid.top + p->parts.grid.rows, index;
	const struct band *band;
	bool any = false;

	for (row = v->grid.top; row < bottom; row++) {
		uint64_t from, to;

		if (layout_row(l, row, &band, &index) != LAYOUT_ROW_CELLS ||
		    !layout_row_pages(l, band, index, &from, &to))
			continue;
		*first = any && *first < from ? *first : from;
		*end = any && *end > to ? *end : to;
		any = true;
	}
	return any;
}

void viewport_scroll_list(struct viewport *p, struct view *v, int lines)
{
	int most = (int)p->list.count - (p->parts.regions.rows - 1);

	v->regions.top = clamp(v->regions.top + lines, 0, most);
}

static struct visit *find_visit(const struct viewport *p, int32_t pid)
{
	for (size_t i = 0; i < p->visit_count; i++)
		if (p->visits[i].pid == pid)
			return &p->visits[i];
	return NULL;
}

void viewport_leave(struct viewport *p, const struct view *v)
{
	struct visit *visit = find_visit(p, v->pid);

	if (!p->placed)
		return;
	if (!visit) {
		mem_grow(p->visits, p->visit_cap, p->visit_count + 1);
		visit = &p->visits[p->visit_count++];
	}
	*visit = (struct visit){
		.pid = v->pid,
		.cursor = v->grid.cursor,
		.grid_top = v->grid.top,
		.cursor_offset = p->cursor_offset,
		.zoom = v->grid.zoom,
		.zoom_auto = v->grid.zoom_auto,
		.execs = p->seen_execs,
	};
}

void viewport_enter(struct viewport *p, struct view *v, const struct process *process, bool child)
{
	const struct visit *visit = find_visit(p, process->pid);

	p->placed = child;
	p->seen_execs = child ? process->course.execs : 0;
	if (!visit || visit->execs != process->course.execs)
		return;
	p->placed = true;
	p->seen_execs = visit->execs;
	v->grid.cursor = visit->cursor;
	v->grid.top = visit->grid_top;
	p->cursor_offset = visit->cursor_offset;
	v->grid.zoom = visit->zoom;
	v->grid.zoom_auto = visit->zoom_auto;
}
