/* All watched processes, in place of the regions: their tree, the status of each, what of
 * it is resident, how many faults it took; below the one that is shown, its threads.
 *
 *  PROCESSES  3, 2 alive
 *     pid      command          RSS  faults
 *  ▸ ► 4242    demo            1.2M     812
 *        4243  worker                    16
 *      ● 4250  sh            (640K)     120
 *  (): ended, last figures
 */
#include "ui/view/panel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "base/path.h"
#include "render/process_rows.h"
#include "render/status.h"

#define DEPTH_MAX 4 /* deeper ones are indented no further */
#define TITLE_ROWS 2

struct processes_columns {
	int pid, name, name_end;
	int resident_end, faults_end;
};

static struct processes_columns share(int columns)
{
	struct processes_columns c = { .pid = 4, .faults_end = columns - 1 };

	c.resident_end = c.faults_end - 7;
	c.name_end = c.resident_end - 6;
	c.name = c.pid + 8;
	return c;
}

static void draw_title(struct area a, const struct world *w)
{
	size_t alive = 0;
	int column = area_text(a, 0, 1, (struct pen){ INK_ACCENT, PAPER_PLAIN, STYLE_BOLD }, _("PROCESSES"));

	for (size_t i = 0; i < w->count; i++)
		alive += process_alive(w->processes[i]);
	column = area_printf(a, 0, column + 2, PEN(INK_DIM), _("%zu, %zu alive"), w->count, alive);
	if (w->dropped)
		area_printf(a, 0, column, PEN(INK_WARN), _(", %ju older"), (uintmax_t)w->dropped);
}

static void draw_heads(struct area a, const struct processes_columns *c)
{
	area_text(a, 1, c->pid, PEN(INK_DIM), _("pid"));
	area_fit(a, 1, c->name, c->name_end - c->name, PEN(INK_DIM), _("command"), TEXT_CUT_RIGHT);
	area_text_right(a, 1, c->resident_end, PEN(INK_DIM), _("RSS"));
	area_text_right(a, 1, c->faults_end, PEN(INK_DIM), _("faults"));
}

static void draw_name(struct area a, int row, int column, int width, struct pen pen, const char *raw)
{
	char *name = text_shown_dup(raw);

	if (width > 0)
		area_fit(a, row, column, width, pen, name, TEXT_CUT_RIGHT);
	free(name);
}

static void draw_resident(struct area a, int row, int end, uint8_t paper, const struct process *p)
{
	uint64_t counts[PAGE_STATES] = { 0 }, pages = 0;
	char text[16] = "?", last[20];

	space_add_counts(p->space, counts);
	for (int i = 0; i < PAGE_STATES; i++)
		pages += counts[i];
	if (!pages || counts[PAGE_UNKNOWN] < pages)
		text_size(text, page_resident(counts) << p->space->page_shift);
	snprintf(last, sizeof last, "(%s)", text);
	if (process_alive(p))
		area_text_right(a, row, end, PEN_ON(INK_TEXT, paper), text);
	else
		area_text_right(a, row, end, PEN_ON(INK_DIM, paper), last);
}

static void draw_count(struct area a, int row, int end, uint8_t paper, uint64_t count)
{
	char text[16];

	area_text_right(a, row, end, PEN_ON(INK_TEXT, paper), text_count(text, count));
}

/* What it runs: the program's file name and its arguments. */
static void draw_command(struct area a, int row, int column, int width, struct pen pen,
			 const struct process *p)
{
	struct strbuf text = { 0 };

	if (!p->identity.argv || !p->identity.argv[0]) {
		draw_name(a, row, column, width, pen, p->identity.comm);
		return;
	}
	strbuf_puts(&text, path_name(p->identity.argv[0]));
	for (size_t i = 1; p->identity.argv[i] && text.len < 256; i++)
		strbuf_printf(&text, " %.256s", p->identity.argv[i]);
	draw_name(a, row, column, width, pen, text.text);
	strbuf_fini(&text);
}

static void draw_process(struct area a, int row, const struct processes_columns *c,
			 const struct process_row *line, bool shown)
{
	const struct process *p = line->process;
	int indent = min(line->depth, DEPTH_MAX);
	uint8_t paper = shown ? PAPER_SELECTED : PAPER_PLAIN;
	struct pen pen = PEN_ON(process_alive(p) ? INK_TEXT : INK_DIM, paper);
	struct status status = status_of(p);

	area_fill(area_part(a, row, 0, 1, a.columns), PEN_ON(INK_TEXT, paper));
	if (shown)
		area_put(a, row, 0, 0x25b8, PEN_ON(INK_ACCENT, paper));
	area_put(a, row, c->pid - 2 + indent, a.canvas->ascii ? status.ascii : status.glyph,
		 PEN_ON(status.ink, paper));
	area_printf(a, row, c->pid + indent, pen, "%d", (int)p->pid);
	draw_command(a, row, c->name + indent, c->name_end - c->name - indent, pen, p);
	draw_resident(a, row, c->resident_end, paper, p);
	if (p->counters.known)
		draw_count(a, row, c->faults_end, paper, process_minor(p) + process_major(p));
}

static void draw_thread(struct area a, int row, const struct processes_columns *c,
			const struct process_row *line)
{
	const struct thread *t = line->thread;
	int indent = min(line->depth, DEPTH_MAX);
	struct pen pen = PEN(t->ended ? INK_GHOST : INK_DIM);

	area_put(a, row, c->pid - 2 + indent, a.canvas->ascii ? '|' : 0x250a, PEN(INK_LINE));
	area_printf(a, row, c->pid + indent, pen, "%d", (int)t->tid);
	draw_name(a, row, c->name + indent, c->name_end - c->name - indent, pen, *t->name ? t->name : "?");
	if (t->ended)
		area_text_right(a, row, c->resident_end, pen, _("ended"));
	if (line->process->sources[SOURCE_FAULTS].ok)
		draw_count(a, row, c->faults_end, PAPER_PLAIN, t->minor + t->major);
}

/* The first row drawn: the shown process stays in sight, with some of its threads. */
static size_t top_row(const struct process_rows *list, int32_t shown, size_t rows)
{
	size_t at = 0;

	while (at < list->count && list->rows[at].process->pid != shown)
		at++;
	if (at + 2 < rows || list->count <= rows)
		return 0;
	at = at - rows / 2;
	return at + rows > list->count ? list->count - rows : at;
}

void panel_processes(struct area a, const struct world *w, int32_t shown)
{
	struct process_rows list = { 0 };
	struct processes_columns c = share(a.columns);
	size_t rows = a.rows > TITLE_ROWS ? (size_t)(a.rows - TITLE_ROWS) : 0, top;
	bool ended = false;

	process_rows_update(&list, w, shown);
	top = top_row(&list, shown, rows);
	draw_title(a, w);
	draw_heads(a, &c);
	for (size_t i = 0; i < rows && top + i < list.count; i++) {
		const struct process_row *line = &list.rows[top + i];

		if (line->thread)
			draw_thread(a, TITLE_ROWS + (int)i, &c, line);
		else
			draw_process(a, TITLE_ROWS + (int)i, &c, line, line->process->pid == shown);
		ended |= !process_alive(line->process);
	}
	if (ended && list.count < rows)
		area_text(a, TITLE_ROWS + (int)list.count, 1, PEN(INK_DIM), _("(): ended, last figures"));
	process_rows_fini(&list);
}
