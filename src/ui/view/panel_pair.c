/* Two processes side by side, the same rows of the same addresses, with marks for what they share:
 *
 *           ► 4242  ./demo                1.2M  │  ► 4250  ./demo                1.2M
 *           pages in sight:  ═ same frame 209   ■ its own 3
 *           common at the fork 212 pages 848K   copied since 3 pages 12K 1.4 %   by child 2, by parent 1
 *           0x7f1200000000  anon          64/64 │  0x7f1200000000  anon          64/64
 *   anon    ═══■════════════════════════════     │  ═══■════════════════════════════
 *
 * The shape of the mark shows it, in ASCII and without colour, too; pages that are not shared have their own
 * glyph, and, with colours, the background of differences.
 *
 * Two that were compared have the totals of each there, and between the halves a mark at each row in which
 * something differs, really or by chance:
 *
 *           A  one.psn@1.5                1.2M  │  B  one.psn@3                   1.3M
 *           ■ 22  ● 310  · 349                  │  ■ 23 +1  ● 310  · 348 -1
 *   heap    ■■■····························     ≠  ■■■■··························· */
#include "base/path.h"
#include "ui/view/panel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "model/forks.h"
#include "render/glyph.h"
#include "render/status.h"
#include "ui/view/screen_parts.h"

static void draw_title(struct area a, const struct scene *scene, const struct process *p)
{
	bool shown = p->pid == scene->view->pid;
	uint64_t counts[PAGE_STATES] = { 0 };
	struct status status = status_of(p);
	struct pen pen = { shown ? INK_STRONG : INK_TEXT, PAPER_PLAIN,
			   shown ? STYLE_BOLD | STYLE_UNDERLINE : 0 };
	const char *raw = p->identity.argv && p->identity.argv[0] ? p->identity.argv[0] : p->identity.comm;
	char size[16], *name;
	int column;

	raw = path_name(raw);
	name = text_shown_dup(raw);
	space_add_counts(p->space, counts);
	text_size(size, page_resident(counts) << p->space->page_shift);
	area_put(a, 0, 0, a.canvas->ascii ? status.ascii : status.glyph, PEN(status.ink));
	column = area_printf(a, 0, 2, pen, "%d", (int)p->pid);
	area_fit(a, 0, column + 2, a.columns - column - 3 - text_columns(size), PEN(INK_ACCENT), name,
		 TEXT_CUT_RIGHT);
	area_text_right(a, 0, a.columns, PEN(INK_TEXT), size);
	free(name);
}

/* The title of a compared side: which one, its name, how much is resident. */
static void draw_compared_title(struct area a, const struct scene *scene, enum aligned_side side)
{
	const struct aligned *al = scene_aligned(scene);
	const struct aligned_picture *picture = &al->pictures[side];
	bool shown = aligned_side_of(al, scene->process) == side;
	struct pen pen = { shown ? INK_STRONG : INK_TEXT, PAPER_PLAIN,
			   shown ? STYLE_BOLD | STYLE_UNDERLINE : 0 };
	const uint64_t *counts = side == ALIGNED_A ? al->comparison.was : al->comparison.now;
	char size[16];

	text_size(size, page_resident(counts) << picture->process->space->page_shift);
	area_text(a, 0, 0, (struct pen){ INK_ACCENT, PAPER_PLAIN, STYLE_BOLD },
		  side == ALIGNED_A ? "A" : "B");
	area_fit(a, 0, 3, a.columns - 4 - text_columns(size), pen, picture->shown, TEXT_CUT_LEFT);
	area_text_right(a, 0, a.columns, PEN(INK_TEXT), size);
}

/* In what order: what is resident, what else was touched, promises. */
static int rank(enum page_state state)
{
	return page_state_resident(state) ? 0 : page_state_touched(state) ? 1 : 2;
}

/* All states but none, by rank. */
static void sort_states(enum page_state order[static PAGE_STATES - 1])
{
	int n = 0;

	for (int each = 0; each <= 2; each++)
		for (int s = PAGE_NONE + 1; s < PAGE_STATES; s++)
			if (rank((enum page_state)s) == each)
				order[n++] = (enum page_state)s;
}

/* "■ 23 +1  ● 310", as many states as there is room for. */
static void draw_totals(struct area a, const struct scene *scene, enum aligned_side side)
{
	const struct comparison *c = &scene_aligned(scene)->comparison;
	enum page_state order[PAGE_STATES - 1];
	int column = 0;

	sort_states(order);
	for (size_t i = 0; i < PAGE_STATES - 1; i++) {
		enum page_state state = order[i];
		uint64_t count = side == ALIGNED_A ? c->was[state] : c->now[state];
		int64_t more = (int64_t)(c->now[state] - c->was[state]);
		char number[16], change[24] = "";

		if (!c->was[state] && !c->now[state])
			continue;
		if (more && side == ALIGNED_B)
			snprintf(change, sizeof change, " %c%s", more < 0 ? '-' : '+',
				 text_count(number, (uint64_t)(more < 0 ? -more : more)));
		text_count(number, count);
		if (column + 2 + text_columns(number) + text_columns(change) > a.columns)
			return;
		area_put(a, 0, column, glyph_page(state, a.canvas->ascii), PEN(INK_STATE + state));
		column = area_text(a, 0, column + 2, PEN(INK_STRONG), number);
		column = area_text(a, 0, column, PEN(INK_WARN), change) + 2;
	}
}

/* What a row's pages are: 0, or as in aligned.differs. */
static uint32_t row_differs(const struct scene *scene, int row)
{
	const struct aligned *aligned = scene_aligned(scene);
	const struct layout *l = scene->layout;
	const struct band *band;
	uint64_t first, end;
	int64_t index;

	if (!aligned || layout_row(l, scene->view->grid.top + row, &band, &index) != LAYOUT_ROW_CELLS ||
	    !layout_row_pages(l, band, index, &first, &end))
		return 0;
	return runs_max(aligned->differs, first, end);
}

/* The line between the halves. */
static void draw_middle(struct area a, const struct scene *scene, int title_rows, int column)
{
	bool ascii = a.canvas->ascii;

	for (int row = 0; row < a.rows; row++) {
		uint32_t differs =
		    scene_aligned(scene) && row >= title_rows ? row_differs(scene, row - title_rows) : 0;

		if (differs == ALIGNED_REAL)
			area_put(a, row, column, glyph_differs(true, ascii),
				 (struct pen){ INK_WARN, PAPER_PLAIN, STYLE_BOLD });
		else if (differs)
			area_put(a, row, column, glyph_differs(false, ascii), PEN(INK_DIM));
		else if (row == 0 || row >= title_rows || scene_aligned(scene))
			area_put(a, row, column, 0x2502, PEN(INK_LINE));
	}
}

/* Counts the pages in sight by whether they are shared. */
static void count_in_sight(const struct scene *scene, int rows, uint64_t counts[static RUNS_VALUES])
{
	const struct layout *l = scene->layout;
	const struct band *band;
	uint64_t first, end;
	int64_t index;

	for (int row = 0; row < rows; row++) {
		if (layout_row(l, scene->view->grid.top + row, &band, &index) != LAYOUT_ROW_CELLS ||
		    band->ghost)
			continue;
		if (layout_row_pages(l, band, index, &first, &end))
			pair_count(scene->pair, first, end, counts);
	}
}

static int draw_count(struct area a, int row, int column, uint32_t ch, const char *text, uint64_t count,
		      struct pen pen)
{
	char number[16];

	area_put(a, row, column, ch, pen);
	column = area_text(a, row, column + 2, PEN(INK_DIM), text);
	return area_text(a, row, column + 1, PEN(INK_STRONG), text_count(number, count)) + 3;
}

static void draw_counts(struct area a, const struct scene *scene, int grid_rows)
{
	bool ascii = a.canvas->ascii;
	uint64_t counts[RUNS_VALUES] = { 0 };
	int column = 0;

	count_in_sight(scene, grid_rows, counts);
	if (scene->pair_err && scene->pair_err->code) {
		area_fit(a, 1, 0, a.columns, PEN(INK_WARN), scene->pair_err->text, TEXT_CUT_RIGHT);
		return;
	}
	column = area_text(a, 1, 0, PEN(INK_DIM), _("pages in sight:")) + 2;
	if (counts[PAGE_COMMON_SAME] || !counts[PAGE_COMMON_MAYBE])
		column = draw_count(a, 1, column, glyph_common(PAGE_COMMON_SAME, ascii), _("same frame"),
				    counts[PAGE_COMMON_SAME], PEN(INK_STATE + PAGE_ANON));
	column = draw_count(a, 1, column, glyph_page(PAGE_ANON, ascii), _("its own"), counts[PAGE_COMMON_OWN],
			    PEN_ON(INK_STATE + PAGE_ANON, a.canvas->mono ? PAPER_PLAIN : PAPER_CHANGED));
	if (counts[PAGE_COMMON_MAYBE])
		draw_count(a, 1, column, glyph_common(PAGE_COMMON_MAYBE, ascii),
			   _("shared with someone unknown"), counts[PAGE_COMMON_MAYBE],
			   PEN(INK_STATE + PAGE_ANON));
}

/* Which of the two was forked by the other; NULL: none, as far as was seen. */
static const struct process *child_of(const struct process *a, const struct process *b)
{
	if (b->parent == a->pid && b->forked.stage != FORKED_NO)
		return b;
	return a->parent == b->pid && a->forked.stage != FORKED_NO ? a : NULL;
}

/* The figures as text, with what they are if they are bounds. */
struct fork_words {
	char shared[24], shared_size[16], copied[24], copied_size[16], by_child[24], by_parent[24];
	char percent[FORKED_PERCENT_SIZE];
};

static const char *bounded(char out[static 24], uint64_t count, const char *bound)
{
	char number[16];

	snprintf(out, 24, "%s%s", bound, text_count(number, count));
	return *bound && !count ? strcpy(out, "-") : out;
}

static void take_words(struct fork_words *w, const struct process *child, bool exact, bool ascii)
{
	const struct forked *f = &child->forked;
	unsigned shift = child->space->page_shift;
	const char *least = exact ? "" : ascii ? ">=" : "≥";

	bounded(w->shared, f->figures.shared, f->whole ? "" : ascii ? "<=" : "≤");
	bounded(w->copied, f->figures.copied, least);
	bounded(w->by_child, f->figures.by_child, least);
	bounded(w->by_parent, f->figures.by_parent, least);
	forked_percent(w->percent, &f->figures, exact);
	text_size(w->shared_size, f->figures.shared << shift);
	text_size(w->copied_size, f->figures.copied << shift);
}

/* The whole line, or a shorter form of it, which has more room. */
static void add_figures(struct strbuf *line, const struct forked *f, const struct fork_words *w,
			bool short_form)
{
	unsigned long copied = (unsigned long)f->figures.copied;

	if (short_form)
		strbuf_printf(line,
			      ngettext("at the fork %s   copied %s page, %s %%: by child %s, by parent %s",
				       "at the fork %s   copied %s pages, %s %%: by child %s, by parent %s",
				       copied),
			      w->shared, w->copied, w->percent, w->by_child, w->by_parent);
	else
		strbuf_printf(line,
			      ngettext("common at the fork %s pages %s   copied since %s page %s %s %%   by "
				       "child %s, by parent %s",
				       "common at the fork %s pages %s   copied since %s pages %s %s %%   by "
				       "child %s, by parent %s",
				       copied),
			      w->shared, w->shared_size, w->copied, w->copied_size, w->percent, w->by_child,
			      w->by_parent);
}

/* No copy was seen, which does not mean that there was none. */
static void add_unknown(struct strbuf *line, const struct forked *f, const struct fork_words *w)
{
	strbuf_printf(line, _("common at the fork %s pages %s   copied since: unknown"), w->shared,
		      w->shared_size);
	if (!f->whole)
		strbuf_printf(line, ", %s",
			      f->forked_ns ? _("it was found after its fork") : _("its fork was not seen"));
}

/* What they shared at the fork, and how much of it has been copied since. */
static void draw_fork(struct area a, int row, const struct process *left, const struct process *right)
{
	const struct process *child = child_of(left, right);
	const struct forked *f = child ? &child->forked : NULL;
	enum forked_bound bound;
	struct strbuf line = { 0 };
	struct fork_words words;

	if (!f || !f->known) {
		strbuf_printf(&line, "%s%s", _("common at the fork: unknown, "),
			      f ? forked_why_unknown(f) : _("no fork was seen"));
	} else {
		bound = forked_bound(f, forks_lost(child, child == left ? right : left));
		take_words(&words, child, bound == FORKED_EXACT, a.canvas->ascii);
		if (bound == FORKED_UNKNOWN)
			add_unknown(&line, f, &words);
		else
			add_figures(&line, f, &words, false);
		if (bound != FORKED_UNKNOWN && text_columns(line.text) > a.columns) {
			strbuf_clear(&line);
			add_figures(&line, f, &words, true);
		}
		if (*forked_until_text(f->stage))
			strbuf_printf(&line, "; %s", forked_until_text(f->stage));
	}
	area_fit(a, row, 0, a.columns, PEN(INK_TEXT), line.text, TEXT_CUT_RIGHT);
	strbuf_fini(&line);
}

static void draw_half(struct area a, const struct scene *scene, const struct process *p, int margin,
		      int title_rows)
{
	struct scene half = *scene;

	half.process = p;
	grid_draw(area_part(a, title_rows, 0, a.rows - title_rows, a.columns), &half, margin);
}

void panel_pair(struct area a, const struct scene *scene)
{
	const struct process *left = world_find(scene->world, scene->pair->left);
	const struct process *right = world_find(scene->world, scene->pair->right);
	struct screen_parts parts;
	int margin, second, columns = scene->layout->columns;

	screen_parts(&parts, scene->view);
	if (!left || !right)
		return;
	margin = parts.margin_columns;
	second = parts.pair_column - a.column;
	if (scene_aligned(scene)) {
		draw_compared_title(area_part(a, 0, margin, 1, columns), scene, ALIGNED_A);
		draw_compared_title(area_part(a, 0, second, 1, columns), scene, ALIGNED_B);
		draw_totals(area_part(a, 1, margin, 1, columns), scene, ALIGNED_A);
		draw_totals(area_part(a, 1, second, 1, columns), scene, ALIGNED_B);
	} else {
		draw_title(area_part(a, 0, margin, 1, columns), scene, left);
		draw_title(area_part(a, 0, second, 1, columns), scene, right);
		draw_counts(area_part(a, 0, margin, a.rows, a.columns - margin), scene,
			    a.rows - parts.title_rows);
		draw_fork(area_part(a, 0, margin, a.rows, a.columns - margin), 2, left, right);
	}
	draw_half(area_part(a, 0, 0, a.rows, margin + columns), scene, left, margin, parts.title_rows);
	draw_half(area_part(a, 0, second, a.rows, columns), scene, right, 0, parts.title_rows);
	grid_draw_scroll_bar(area_part(a, parts.title_rows, 0, a.rows - parts.title_rows, a.columns), scene,
			     parts.scroll_column - a.column);
	draw_middle(a, scene, parts.title_rows, second - 2);
}
