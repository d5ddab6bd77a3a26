/* The bytes of a running process's page are read again now and then; a page whose file is still being read
 * for names, soon after. */
#include "ui/attention.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/minmax.h"

#define BYTES_INTERVAL_NS (250 * CLOCK_MS)
#define PENDING_INTERVAL_NS (20 * CLOCK_MS)
#define FIGURES_INTERVAL_NS CLOCK_SECOND
#define COMPARE_PART ((size_t)4096)
#define COMPARE_MAX ((size_t)64 * 1024) /* pages compared for one picture */

void attention_forget(struct attention *a)
{
	a->read_ns = 0;
	a->focus_first = a->focus_end = 0;
}

static bool bytes_live(const struct ui *ui)
{
	return tabs_shows(&ui->view.tabs, TAB_SHOWS_BYTES) && !ui->shown.has_time && !ui->shown.still &&
	       process_alive(ui->shown.process) && ui->shown.process->status == PROCESS_RUNNING;
}

uint64_t attention_due_ns(const struct attention *a, const struct ui *ui)
{
	if (ui->shown.still)
		return UINT64_MAX;
	if (ui->has_detail && ui->detail->location.pending)
		return a->read_ns + PENDING_INTERVAL_NS;
	return bytes_live(ui) ? a->read_ns + BYTES_INTERVAL_NS : UINT64_MAX;
}

/* For a page that was not read before the picture was frozen, the source's answer is newer than the picture:
 * only the location of code and data is kept. */
static void forget_now(struct page_detail *detail, uint32_t word)
{
	const char *why = _("the picture is frozen: this page was not read before that");

	page_detail_refuse(detail, detail->page, word, why);
}

/* A frozen picture keeps what was read for it. */
static bool read_frozen(struct attention *a, struct ui *ui, uint64_t page)
{
	if (a->page == page && ui->has_detail)
		return false;
	ui->has_detail = ui->shown.source->ops->inspect(ui->shown.source, ui->view.pid, page, INSPECT_PAGE,
							ui->detail, NULL) == 0;
	if (ui->has_detail)
		forget_now(ui->detail, runs_at(shown_space(&ui->shown)->pages, page).value);
	a->page = page;
	a->read_ns = 0; /* once the picture is live again, everything is read again */
	return true;
}

bool attention_read(struct attention *a, struct ui *ui, uint64_t now)
{
	const struct process *process = ui->shown.process;
	uint64_t page = ui->view.grid.cursor;
	if (ui->shown.still)
		return read_frozen(a, ui, page);
	const struct story *story = stories_find(&process->faults.stories, page);
	unsigned what = tabs_shows(&ui->view.tabs, TAB_SHOWS_BYTES) ? INSPECT_BYTES : INSPECT_PAGE;
	struct attention fresh = {
		.focus_first = a->focus_first,
		.focus_end = a->focus_end,
		.output_rows = a->output_rows,
		.output_columns = a->output_columns,
		.figures_ns = a->figures_ns,
		.read_ns = now,
		.page = page,
		.story_ns = story ? story->time_ns : 0,
		.word = runs_at(process->space->pages, page).value,
		.since = runs_at(process->space->since, page).value,
		.tab = ui->view.tabs.shown,
	};
	bool another = !a->read_ns || page != a->page || fresh.tab != a->tab;
	bool changed = fresh.word != a->word || fresh.since != a->since || fresh.story_ns != a->story_ns;

	if (!another && !changed && now < attention_due_ns(a, ui))
		return false;
	ui->has_detail =
	    ui->shown.source->ops->inspect(ui->shown.source, ui->view.pid, page, what, ui->detail, NULL) == 0;
	*a = fresh;
	return true;
}

/* Compares a row of cells of both, asking the source in parts. */
static bool compare_pages(struct shown *shown, uint64_t first, uint64_t end, size_t *left)
{
	uint8_t common[COMPARE_PART];

	while (first < end && *left) {
		size_t n = min(min(end - first, COMPARE_PART), *left);

		if (shown->source->ops->compare(shown->source, shown->pair.left, shown->pair.right, first, n,
						common, &shown->pair_err) < 0)
			return false;
		shown->pair_err = (struct err){ 0 };
		pair_take(&shown->pair, first, common, n, shown->now_ns);
		first += n;
		*left -= n;
	}
	return true;
}

/* Pages that neither has are not compared. */
void attention_compare(struct ui *ui)
{
	size_t left = COMPARE_MAX;

	if (!ui->view.pair || !ui->shown.source->ops->compare)
		return;
	for (int row = 0; row < ui->viewport.parts.grid.rows; row++) {
		const struct band *band;
		uint64_t first, end;
		int64_t index;

		if (layout_row(&ui->viewport.layout, ui->view.grid.top + row, &band, &index) ==
			LAYOUT_ROW_CELLS &&
		    layout_row_pages(&ui->viewport.layout, band, index, &first, &end) &&
		    !compare_pages(&ui->shown, first, end, &left))
			return;
	}
}

/* The program's terminal is as large as the panel that shows what it writes. */
static void size_output(struct attention *a, const struct ui *ui)
{
	const struct process *launched = shown_launched(&ui->shown);
	struct control_arg arg = { .rows =
				       ui->viewport.parts.detail.rows - 1 - ui->viewport.parts.address_rows,
				   .columns = ui->viewport.parts.detail.columns - 2 };

	if (!launched || arg.rows < 1 || arg.columns < 1 ||
	    (arg.rows == a->output_rows && arg.columns == a->output_columns))
		return;
	a->output_rows = arg.rows;
	a->output_columns = arg.columns;
	ui->shown.source->ops->control(ui->shown.source, launched->pid, CONTROL_RESIZE, &arg, NULL);
}

/* Asks for figures, unless the process has not changed since they were read. */
static void ask_for_figures(struct attention *a, const struct ui *ui)
{
	const struct process *p = ui->shown.process;
	uint64_t now = clock_now_ns();

	if (!tabs_shows(&ui->view.tabs, TAB_FIGURES) || ui->shown.has_time || ui->shown.still ||
	    !process_alive(p) || (p->figures.known && p->figures.time_ns >= p->course.changed_ns) ||
	    now < a->figures_ns + FIGURES_INTERVAL_NS)
		return;
	a->figures_ns = now;
	ui->shown.source->ops->control(ui->shown.source, p->pid, CONTROL_FIGURES, NULL, NULL);
}

static int32_t other_of_pair(const struct ui *ui)
{
	return ui->view.pid == ui->shown.pair.left ? ui->shown.pair.right : ui->shown.pair.left;
}

void attention_point(struct attention *a, const struct ui *ui)
{
	struct source *source = ui->shown.source;
	uint64_t first = 0, end = 0;

	size_output(a, ui);
	ask_for_figures(a, ui);
	if (!viewport_pages(&ui->viewport, &ui->view, &first, &end) ||
	    (first == a->focus_first && end == a->focus_end))
		return;
	a->focus_first = first;
	a->focus_end = end;
	source->ops->focus(source, ui->view.pid, first, end);
	if (ui->view.pair)
		source->ops->focus(source, other_of_pair(ui), first, end);
}
