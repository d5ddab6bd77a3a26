/* Jumps start from the cell under the cursor, not from the page, because what is in the cell can already be
 * seen. What the filter hides is skipped. */
#include "ui/jump.h"

#include "base/i18n.h"
#include "base/minmax.h"

void jump_region(struct ui *ui, int step)
{
	const struct layout *l = &ui->viewport.layout;
	const struct band *best = NULL;
	size_t i;

	for (i = 0; i < l->count; i++) {
		const struct band *band = &l->bands[i];

		if (band->ghost)
			continue;
		if (step > 0 && band->first > ui->view.grid.cursor && !best)
			best = band;
		if (step < 0 && band->end <= ui->view.grid.cursor)
			best = band;
	}
	if (best)
		ui_move(ui, best->first);
	else
		ui_message(ui, step > 0 ? _("this is the last region") : _("this is the first region"));
}

/* The region of a page. */
static const struct region *region_of(struct ui *ui, uint64_t page)
{
	const struct space *space = ui_layout_space(ui);

	return space_find(space, space_address(space, page));
}

/* From a page in a run that is hidden: past the run, or past the region where the filter hides
 * only that. */
static uint64_t pass_over(struct ui *ui, struct run run, uint64_t page, int step)
{
	const struct region *r = region_of(ui, page);
	uint64_t first = run.first, end = run.end;

	if (r && region_first(ui_layout_space(ui), r) > first)
		first = region_first(ui_layout_space(ui), r);
	if (r && region_end(ui_layout_space(ui), r) < end)
		end = region_end(ui_layout_space(ui), r);
	return step > 0 ? end : first - 1;
}

static bool wanted_difference(uint32_t value)
{
	return value == ALIGNED_REAL;
}

/* The pages of the cell under the cursor. */
static void cell_of_cursor(const struct ui *ui, uint64_t *first, uint64_t *end)
{
	int64_t row;
	int column;

	*first = ui->view.grid.cursor;
	*end = *first + 1;
	if (layout_find(&ui->viewport.layout, ui->view.grid.cursor, &row, &column))
		layout_cell(&ui->viewport.layout, row, column, first, end);
}

/* From a page on. A whole run is one step, even a terabyte of nothing. */
static bool find_page(struct ui *ui, const struct runs *runs, uint64_t page, int step,
		      bool (*wanted)(uint32_t), uint64_t *found)
{
	while (page < RUNS_END) { /* below zero wraps to beyond the end */
		struct run run = runs_at(runs, page);
		const struct region *r = wanted(run.value) ? region_of(ui, page) : NULL;

		if (r && region_matches(r, &ui->view.regions.filter)) {
			*found = page;
			return true;
		}
		if (wanted(run.value))
			page = pass_over(ui, run, page, step);
		else
			page = step > 0 ? run.end : run.first - 1;
	}
	return false;
}

void jump_page(struct ui *ui, const struct runs *runs, int step, bool (*wanted)(uint32_t), const char *none)
{
	uint64_t page, first, end;

	cell_of_cursor(ui, &first, &end);
	if (find_page(ui, runs, step > 0 ? end : first - 1, step, wanted, &page))
		ui_move(ui, page);
	else
		ui_message(ui, "%s", none);
}

/* The stretch of pages around one that differ in the same way, within its region. */
static struct run stretch_at(struct ui *ui, const struct runs *differs, uint64_t page)
{
	const struct region *r = region_of(ui, page);
	struct run run = runs_at(differs, page);

	if (r && region_first(ui_layout_space(ui), r) > run.first)
		run.first = region_first(ui_layout_space(ui), r);
	if (r && region_end(ui_layout_space(ui), r) < run.end)
		run.end = region_end(ui_layout_space(ui), r);
	return run;
}

/* Of two that were compared: to the beginning of the next stretch of pages that really differ. */
void jump_difference(struct ui *ui, int step)
{
	const struct runs *differs = ui->shown.pair.aligned->differs;
	struct run here = stretch_at(ui, differs, ui->view.grid.cursor);
	uint64_t page, first, end;

	cell_of_cursor(ui, &first, &end);
	if (wanted_difference(here.value)) {
		first = min(here.first, first);
		end = max(here.end, end);
	}
	if (find_page(ui, differs, step > 0 ? end : first - 1, step, wanted_difference, &page))
		ui_move(ui, step > 0 ? page : stretch_at(ui, differs, page).first);
	else
		ui_message(ui, "%s",
			   step > 0 ? _("no difference after this one") : _("no difference before this one"));
}
