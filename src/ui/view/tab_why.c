/* The lines of the verdict's report: the sentences, and below them, or beside them on a wide screen, the
 * figures.
 *
 *     1. 94 % of what came within 1.7 s, and is still there, was touched first by cache_insert (leak.c:9)
 *        19.2 MiB of 20.4 MiB: the faults of these pages were seen there
 *        > look at what it keeps, and at what runs after it
 *
 *     What is resident, and whether it can go                                               20.4 MiB
 *     clean pages of files        1.17 MiB    6 %  can go at once
 *
 * Making it costs a walk over all stories, so the longer it takes the less often it is done. */
#include "ui/view/tabs.h"

#include "base/i18n.h"
#include "base/minmax.h"
#include "render/sheet.h"
#include "ui/view/scene.h"
#include "verdict/report.h"

#define LEFT 1
#define WIDE 116 /* columns from which on sentences and figures stand side by side */
#define LABEL_MOST 34
#define VALUE 10
#define SHARE 5
#define PAUSE_NS UINT64_C(500000000)      /* between two verdicts, at least, */
#define PAUSE_NS_PER_STORY UINT64_C(4000) /* ... and for each page that has a story */

struct why_tab {
	bool made;
	struct report report;
	/* what it was made from */
	int32_t pid;
	uint64_t generation, faults, names, figures_ns;
	uint64_t due_ns; /* not before */
	bool pending;    /* there is news, but it is not due yet */
};

static bool is_fresh(const struct why_tab *w, const struct process *p)
{
	return w->made && w->pid == p->pid && w->generation == p->space->generation &&
	       w->faults == p->faults.log.end && w->names == names_generation(p->names) &&
	       w->figures_ns == p->figures.time_ns;
}

static void update(struct tab *tab, const struct scene *scene)
{
	struct why_tab *w = tab->state;
	const struct process *p = scene->process;
	struct verdict verdict;

	w->pending = false;
	if (!p || is_fresh(w, p))
		return;
	w->pending = w->made && w->pid == p->pid && scene->now_ns >= w->due_ns - PAUSE_NS &&
		     scene->now_ns < w->due_ns && p->figures.time_ns == w->figures_ns;
	if (w->pending)
		return;
	report_fini(&w->report);
	verdict_init(&verdict, scene->world, p, scene->now_ns, KERNEL_NONE);
	report_init(&w->report, &verdict);
	verdict_fini(&verdict);
	w->made = true;
	w->pid = p->pid;
	w->generation = p->space->generation;
	w->faults = p->faults.log.end;
	w->names = names_generation(p->names);
	w->figures_ns = p->figures.time_ns;
	w->due_ns = scene->now_ns + PAUSE_NS + p->faults.stories.size * PAUSE_NS_PER_STORY;
}

static uint64_t due_ns(const struct tab *tab, uint64_t now_ns)
{
	const struct why_tab *w = tab->state;

	if (!w->pending)
		return UINT64_MAX;
	return w->due_ns > now_ns ? w->due_ns - now_ns : 1;
}

static int draw_sentence(struct area a, int row, const struct report_row *line, int number)
{
	int column = area_printf(a, row, LEFT, PEN(INK_ACCENT), "%d. ", number),
	    width = a.columns - column - 1;

	row += area_wrap(a, row, column, width, 6, PEN(INK_STRONG), line->label);
	if (*line->value)
		row += area_wrap(a, row, column, width, 4, PEN(INK_TEXT), line->value);
	if (*line->note) {
		area_put(a, row, column, a.canvas->ascii ? '>' : 0x2192, PEN(INK_GOOD));
		row += area_wrap(a, row, column + 2, width - 2, 4, PEN(INK_DIM), line->note);
	}
	return row;
}

static int draw_figure(struct area a, int row, const struct report_row *line, bool shares)
{
	int label = clamp(a.columns / 2 - 8, 10, LABEL_MOST), indent = LEFT + 2 * line->indent;
	int share = LEFT + label + VALUE + 1 + SHARE, column = (shares ? share : share - SHARE - 1) + 2,
	    rows = 1;

	area_fit(a, row, indent, LEFT + label - indent, PEN(INK_TEXT), line->label, TEXT_CUT_MIDDLE);
	area_text_right(a, row, LEFT + label + VALUE, PEN(INK_STRONG), line->value);
	area_text_right(a, row, share, PEN(INK_TEXT), line->share);
	if (*line->note)
		rows = area_wrap(a, row, column, a.columns - column - 1, 4, PEN(INK_DIM), line->note);
	return row + (rows ? rows : 1);
}

static int draw_line(struct area a, int row, const struct report_row *line, bool shares)
{
	if (line->kind == REPORT_FIGURE)
		return draw_figure(a, row, line, shares);
	if (line->kind == REPORT_NOTE)
		return row + area_wrap(a, row, LEFT, a.columns - LEFT - 1, 4, PEN(INK_DIM), line->label);
	row += row > 0;
	int column = area_text(a, row, LEFT, PEN(INK_ACCENT), line->label);

	area_text(a, row, column + 2, PEN(INK_STRONG), line->value);
	return row + 1;
}

/* The rows [from, to) of the report. */
static int draw_lines(struct area a, int row, const struct report *r, size_t from, size_t to)
{
	bool shares = false;
	int number = 0;

	for (size_t i = from; i < to; i++) {
		const struct report_row *line = &r->rows[i];

		if (line->kind == REPORT_HEADING)
			shares = report_has_shares(r, i + 1);
		row = line->kind == REPORT_SENTENCE ? draw_sentence(a, row, line, ++number)
						    : draw_line(a, row, line, shares);
	}
	return row;
}

/* The row of the first figure: after the sentences and their heading comes the heading of the figures. */
static size_t first_figure(const struct report *r)
{
	size_t i = 1;

	while (i < r->count && r->rows[i].kind != REPORT_HEADING)
		i++;
	return i;
}

static int draw(struct area a, const struct scene *scene, const struct tab *tab)
{
	const struct why_tab *w = tab->state;
	const struct report *r = &w->report;
	size_t figures = first_figure(r);
	struct sheet sheet;
	int half = a.columns * 4 / 9, row, beside;

	if (!scene->process || !w->made)
		return 0;
	sheet_open(&sheet, a, SHEET_ROWS, PEN(INK_TEXT));
	if (a.columns >= WIDE) {
		row = draw_lines(area_part(sheet.area, 0, 0, sheet.area.rows, half), 0, r, 1, figures);
		beside = draw_lines(area_part(sheet.area, 0, half, sheet.area.rows, a.columns - half), 0, r,
				    figures, r->count);
		row = max(row, beside);
	} else {
		row = draw_lines(sheet.area, 0, r, 1, r->count);
	}
	return sheet_show(&sheet, row, tab->scroll);
}

static void fini(struct tab *tab)
{
	report_fini(&((struct why_tab *)tab->state)->report);
}

const struct view_ops tab_why = {
	.name = N_("why"),
	.key = '8',
	.flags = TAB_FIGURES | TAB_STAYS,
	.state_size = sizeof(struct why_tab),
	.draw = draw,
	.fini = fini,
	.update = update,
	.due_ns = due_ns,
};
