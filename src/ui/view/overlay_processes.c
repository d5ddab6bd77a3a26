/* The watched processes and how large each is, one a line, below the one that forked it:
 *
 *       pid  command          size       RSS    own   swap   faults
 *    ▶ 4242  ./demo 64        132M      3.1M   2.0M      -      815
 *      └ 4250  ./demo 64     (132M)    (1.1M) (128K)     -       64
 *      alive; shared pages in each     3.1M   2.0M      -      879
 *      (): ended, last figures
 *
 * "Own" is private memory: copies of files' pages and what no file is behind. The last line has the memory of those that
 * live, and the faults of all; where none lives any more, the memory that they had at their end. */
#include "ui/view/overlays.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "base/path.h"
#include "base/text.h"
#include "render/process_rows.h"
#include "render/sheet.h"
#include "render/status.h"
#include "ui/view/scene.h"

#define COLUMNS 100
#define DEPTH_MAX 6
#define FIGURE 9 /* columns of one */

/* Sizes in pages. What is not known of one is not in the sum. */
struct size {
	uint64_t pages, resident, own, swap, faults;
	bool known, partly; /* anything at all; not everything */
	bool counted;       /* the faults are known */
};

static struct size size_of(const struct process *p)
{
	uint64_t counts[PAGE_STATES] = { 0 };
	struct size size = { .faults = process_minor(p) + process_major(p), .counted = p->counters.known };

	space_add_counts(p->space, counts);
	for (int i = 0; i < PAGE_STATES; i++)
		size.pages += counts[i];
	size.resident = page_resident(counts);
	size.own = page_sum(counts, page_state_private);
	size.swap = page_sum(counts, page_state_swapped);
	size.known = counts[PAGE_UNKNOWN] < size.pages;
	return size;
}

static void add(struct size *sum, const struct size *one)
{
	sum->resident += one->resident;
	sum->own += one->own;
	sum->swap += one->swap;
	sum->known |= one->known;
	sum->partly |= !one->known;
}

/* `last`: as they were at its end. */
static void draw_pages(struct area a, int row, int end, struct pen pen, uint64_t pages, bool known, bool last,
		       unsigned page_shift)
{
	char text[16], bracketed[20];

	if (!known || !pages) {
		area_text_right(a, row, end, pen, known ? "-" : "?");
		return;
	}
	text_size(text, pages << page_shift);
	snprintf(bracketed, sizeof bracketed, "(%s)", text);
	area_text_right(a, row, end, pen, last ? bracketed : text);
}

static void draw_size(struct area a, int row, struct pen pen, const struct size *size, bool last,
		      unsigned page_shift)
{
	int end = a.columns - 4 * FIGURE;
	char text[16];

	draw_pages(a, row, end + FIGURE, pen, size->resident, size->known, last, page_shift);
	draw_pages(a, row, end + 2 * FIGURE, pen, size->own, size->known, last, page_shift);
	draw_pages(a, row, end + 3 * FIGURE, pen, size->swap, size->known, last, page_shift);
	area_text_right(a, row, end + 4 * FIGURE, pen, size->counted ? text_count(text, size->faults) : "?");
}

static void draw_heads(struct area a)
{
	const char *const heads[] = { _("size"), _("RSS"), _("own"), _("swap"), _("faults") };
	struct pen pen = PEN_ON(INK_DIM, PAPER_POPUP);

	area_fit(a, 0, 2, a.columns - 5 * FIGURE - 2, pen, _("pid  command"), TEXT_CUT_RIGHT);
	for (int i = 0; i < 5; i++)
		area_text_right(a, 0, a.columns - (4 - i) * FIGURE, pen, heads[i]);
}

static void draw_command(struct area a, int row, int column, struct pen pen, const struct process *p)
{
	struct strbuf line = { 0 };

	strbuf_printf(&line, "%d  ", (int)p->pid);
	for (char **arg = p->identity.argv; arg && *arg && line.len < 256; arg++) {
		const char *word = arg == p->identity.argv ? path_name(*arg) : *arg;

		strbuf_puts(&line, arg == p->identity.argv ? "" : " ");
		text_printable(&line, word, strnlen(word, 256));
	}
	if (!p->identity.argv || !p->identity.argv[0])
		text_shown(&line, p->identity.comm);
	area_fit(a, row, column, a.columns - 5 * FIGURE - column, pen, line.text, TEXT_CUT_RIGHT);
	strbuf_fini(&line);
}

static void draw_row(struct area a, int row, const struct process_row *line, bool selected)
{
	const struct process *p = line->process;
	struct status status = status_of(p);
	struct size size = size_of(p);
	uint8_t paper = selected ? PAPER_SELECTED : PAPER_POPUP;
	struct pen pen = PEN_ON(process_alive(p) ? INK_TEXT : INK_DIM, paper);
	int indent = min(line->depth, DEPTH_MAX);

	area_fill(area_part(a, row, 0, 1, a.columns), pen);
	area_put(a, row, indent, a.canvas->ascii ? status.ascii : status.glyph, PEN_ON(status.ink, paper));
	draw_command(a, row, indent + 2, pen, p);
	draw_pages(a, row, a.columns - 4 * FIGURE, pen, size.pages, size.pages > 0, !process_alive(p),
		   p->space->page_shift);
	draw_size(a, row, pen, &size, !process_alive(p), p->space->page_shift);
}

static const char *sum_words(const struct size *sum, size_t alive, size_t all)
{
	if (sum->partly)
		return _("all, as far as is known");
	if (!alive)
		return _("at their end, shared for each");
	return alive < all ? _("alive; shared pages in each") : _("all; shared pages in each");
}

static void draw_sum(struct area a, int row, const struct process_rows *list)
{
	struct size sum = { 0 };
	struct pen pen = PEN_ON(INK_DIM, PAPER_POPUP);
	size_t alive = 0;

	for (size_t i = 0; i < list->count; i++)
		alive += process_alive(list->rows[i].process);
	for (size_t i = 0; i < list->count; i++) {
		struct size one = size_of(list->rows[i].process);

		sum.faults += one.faults;
		sum.counted |= one.counted;
		if (!alive || process_alive(list->rows[i].process))
			add(&sum, &one);
	}
	area_fit(a, row, 2, a.columns - 5 * FIGURE - 2, pen, sum_words(&sum, alive, list->count),
		 TEXT_CUT_RIGHT);
	draw_size(a, row, pen, &sum, false, list->rows[0].process->space->page_shift);
}

static bool any_ended(const struct process_rows *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (!process_alive(list->rows[i].process))
			return true;
	return false;
}

static int draw(struct area a, const struct scene *scene, const struct overlay *overlay)
{
	struct process_rows list = { 0 };
	size_t at = (size_t)overlay->scroll, first, rows;
	bool noted;
	struct area inner;

	process_rows_update(&list, scene->world, 0);
	noted = any_ended(&list);
	inner = popup_open(a, (int)min(list.count, 200) + 2 + noted, COLUMNS, _("Processes"),
			   _("Enter: show it   Esc: close"));
	if (!list.count || inner.rows < 3 + noted) {
		process_rows_fini(&list);
		return 0;
	}
	at = at < list.count ? at : list.count - 1;
	rows = (size_t)inner.rows - 2 - noted;
	first = overlay_first_line(list.count, at, rows);
	draw_heads(inner);
	for (size_t i = 0; i < rows && first + i < list.count; i++)
		draw_row(inner, 1 + (int)i, &list.rows[first + i], first + i == at);
	draw_sum(inner, inner.rows - 1 - noted, &list);
	if (noted)
		area_text(inner, inner.rows - 1, 2, PEN_ON(INK_DIM, PAPER_POPUP),
			  _("(): ended, last figures"));
	at = list.count - 1;
	process_rows_fini(&list);
	return (int)at;
}

/* It begins at the one that is shown. */
static void open(struct overlay *overlay, const struct scene *scene)
{
	struct process_rows list = { 0 };

	process_rows_update(&list, scene->world, 0);
	for (size_t i = 0; i < list.count; i++)
		if (list.rows[i].process->pid == scene->process->pid)
			overlay->scroll = (int)i;
	process_rows_fini(&list);
}

static void scroll(struct overlay *overlay, const struct scene *scene, int lines)
{
	int last = (int)scene->world->count - 1, at = overlay->scroll + lines;

	at = min(at, last);
	overlay->scroll = max(at, 0);
}

static const char *enter(const struct overlay *overlay, const struct scene *scene,
			 char arg[static OVERLAY_ARG])
{
	struct process_rows list = { 0 };
	size_t at = (size_t)overlay->scroll;

	process_rows_update(&list, scene->world, 0);
	if (at < list.count)
		snprintf(arg, OVERLAY_ARG, "%d", (int)list.rows[at].process->pid);
	process_rows_fini(&list);
	return *arg ? "show-process" : NULL;
}

const struct overlay_ops overlay_processes = { .draw = draw, .open = open, .scroll = scroll, .enter = enter };
