/* The legend: what each glyph and each mark of the picture means, in this theme's own
 * glyphs and colours. */
#include "ui/view/overlays.h"

#include <stdio.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "render/glyph.h"
#include "render/sheet.h"
#include "ui/view/scene.h"

#define COLUMNS 74
#define COLUMN_GAP 3
#define ARROW 2  /* room for the sheet's arrows */
#define MARGIN 6 /* the border, and ARROW */
#define WORD_COLUMN 4
#define TEXT_COLUMN 16

static struct pen on_popup(int ink, uint8_t style)
{
	struct pen pen = PEN_ON(ink, PAPER_POPUP);
	pen.style = style;
	return pen;
}

static int draw_heading(struct area a, int row, const char *text)
{
	area_text(a, row, 0, on_popup(INK_ACCENT, STYLE_BOLD), text);
	return row + 1;
}

/* A sample in the first columns, its word, its meaning. Returns the next row. */
static int draw_entry(struct area a, int row, struct pen word_pen, const char *word, const char *text)
{
	int column = area_text(a, row, WORD_COLUMN, word_pen, word);
	column = max(column + 2, TEXT_COLUMN);
	int used = area_wrap(a, row, column, a.columns - column, 3, on_popup(INK_TEXT, 0), text);
	return row + max(used, 1);
}

static int draw_states(struct area a, int row)
{
	row = draw_heading(a, row, _("One page"));
	for (int i = PAGE_RESERVED; i < PAGE_STATES; i++) {
		enum page_state state = (enum page_state)i;
		struct pen pen = on_popup(INK_STATE + i, STYLE_BOLD);
		area_put(a, row, 1, glyph_page(state, a.canvas->ascii), pen);
		row = draw_entry(a, row, pen, page_state_name(state), page_state_meaning(state));
	}
	return row;
}

/* Cells of 64 pages, each less full than the one before. */
static int draw_zoom(struct area a, int row)
{
	static const int resident[] = { 64, 40, 20, 1 };
	row = draw_heading(a, row, _("A cell of many pages"));
	for (size_t i = 0; i < sizeof resident / sizeof *resident; i++) {
		uint64_t counts[PAGE_STATES] = { 0 };
		counts[PAGE_ANON] = (uint64_t)resident[i];
		counts[PAGE_RESERVED] = 64 - counts[PAGE_ANON];
		struct glyph glyph = glyph_cell(counts, true, a.canvas->ascii, a.canvas->mono);
		char word[24];
		snprintf(word, sizeof word, "%d/64", resident[i]);
		area_put(a, row, 1, glyph.ch, on_popup(glyph.ink, glyph.style));
		row = draw_entry(a, row, on_popup(INK_TEXT, 0), word,
				 i == 0   ? _("resident of 64, in the colour of the most common state")
				 : i == 3 ? _("even a single resident page among many shows")
					  : "");
	}
	uint64_t counts[PAGE_STATES] = { [PAGE_ANON] = 60, [PAGE_COPY] = 4 };
	struct glyph glyph = glyph_cell(counts, true, a.canvas->ascii, a.canvas->mono);
	area_put(a, row, 1, glyph.ch, on_popup(glyph.ink, glyph.style));
	return draw_entry(a, row, on_popup(INK_TEXT, 0), _("marked"),
			  _("underlined: copy, swap, guard or unknown is among them"));
}

static int draw_papers(struct area a, int row)
{
	static const struct {
		uint8_t paper;
		const char *word, *text;
	} papers[] = {
		{ PAPER_FRESH1, N_("fresh"), N_("changed a moment ago; settles in a second or two") },
		{ PAPER_FRESH3, N_("settling"), N_("changed a little earlier") },
		{ PAPER_CURSOR, N_("cursor"), N_("the page that the panel below is about") },
		{ PAPER_SELECTED, N_("linked"),
		  N_("first or last of a call's memory, or the same file page") },
		{ PAPER_CHANGED, N_("differs"), N_("not the same in the two snapshots") },
	};
	row = draw_heading(a, row, _("Behind a cell"));
	for (size_t i = 0; i < sizeof papers / sizeof *papers; i++) {
		struct pen pen = PEN_ON(INK_STATE + PAGE_ANON, papers[i].paper);
		area_put(a, row, 1, glyph_page(PAGE_ANON, a.canvas->ascii), pen);
		row = draw_entry(a, row, on_popup(INK_STRONG, 0), _(papers[i].word), _(papers[i].text));
	}
	area_put(a, row, 1, glyph_page(PAGE_ANON, a.canvas->ascii), on_popup(INK_GHOST, 0));
	return draw_entry(a, row, on_popup(INK_GHOST, 0), _("ghost"),
			  _("a region that is gone fades before its place is given up"));
}

/* Two processes, and the timeline: each mark where it stands, in its own colour. */
static int draw_marks(struct area a, int row)
{
	int ascii = a.canvas->ascii;
	const struct {
		uint32_t ch;
		uint8_t ink;
		const char *word, *text;
	} pair[] = {
		{glyph_common(PAGE_COMMON_SAME, ascii), INK_STATE + PAGE_ANON, N_("same frame"), N_("both processes map it: a write will separate them")},
		{glyph_common(PAGE_COMMON_MAYBE, ascii), INK_STATE + PAGE_ANON, N_("shared"), N_("with another process; only root can see with which")},
		{glyph_page(PAGE_ANON, ascii), INK_STATE + PAGE_ANON, N_("its own"), N_("each has its own frame; the background marks it")},
	}, line[] = {
		{glyph_spark(2, 3, ascii), INK_ACCENT, N_("resident"), N_("resident pages over time")},
		{glyph_spark(2, 3, ascii), INK_FAULT, N_("faults"), N_("page faults, all minor: nobody waited for a disk")},
		{glyph_spark(2, 3, ascii), INK_BAD, N_("major"), N_("page faults, some major: a thread waited for a disk")},
		{0x250a, INK_LINE, N_("quiet"), N_("a period in which nothing happened, however long")},
		{ascii ? '^' : 0x25c6, INK_ACCENT, N_("mark"), N_("in a recording: a moment that was marked, or has a note")},
	};
	row = draw_heading(a, row, _("Two side by side"));
	for (size_t i = 0; i < sizeof pair / sizeof *pair; i++) {
		struct pen pen = i == 2 ? PEN_ON(pair[i].ink, PAPER_CHANGED) : on_popup(pair[i].ink, 0);
		area_put(a, row, 1, pair[i].ch, pen);
		row = draw_entry(a, row, on_popup(INK_STRONG, 0), _(pair[i].word), _(pair[i].text));
	}
	row = draw_heading(a, row + 1, _("Timeline"));
	for (size_t i = 0; i < sizeof line / sizeof *line; i++) {
		area_put(a, row, 1, line[i].ch, on_popup(line[i].ink, 0));
		row = draw_entry(a, row, on_popup(INK_STRONG, 0), _(line[i].word), _(line[i].text));
	}
	row = draw_heading(a, row + 1, _("Page faults"));
	row = draw_entry(a, row, on_popup(INK_DIM, 0), fault_access_name(FAULT_WRITE),
			 _("dim: inferred from the page before and after, not reported"));
	return draw_entry(a, row, on_popup(INK_BAD, 0), _("major"), _("a thread waited for a disk"));
}

/* Two that are compared: what stands between the rows. */
static int draw_between(struct area a, int row, const struct press *press)
{
	char key[PRESS_TEXT];
	struct strbuf differs = { 0 };

	strbuf_printf(&differs, _("a page of this row differs; %s goes to the next"),
		      press_key(press, key, "next-changed"));
	row = draw_heading(a, row, _("Between two rows"));
	area_put(a, row, 1, glyph_differs(1, a.canvas->ascii), on_popup(INK_WARN, STYLE_BOLD));
	row = draw_entry(a, row, on_popup(INK_STRONG, 0), _("differs"), differs.text);
	strbuf_fini(&differs);
	area_put(a, row, 1, glyph_differs(0, a.canvas->ascii), on_popup(INK_DIM, 0));
	return draw_entry(a, row, on_popup(INK_STRONG, 0), _("by chance"),
			  _("differs, but not because of what either did: left out")) +
	       1;
}

static int draw_flags(struct area a, int row)
{
	static const struct {
		uint32_t bit;
		const char *text;
	} flags[] = {
		{ PAGE_EXCLUSIVE, N_("mapped here and nowhere else") },
		{ PAGE_SHARED, N_("mapped more than once: by another process, or here twice") },
		{ PAGE_HUGE, N_("part of a huge page: one entry maps all of it") },
		{ PAGE_HUGETLB, N_("from the pool of huge pages: there, but not in RSS") },
		{ PAGE_DIRTY, N_("changed since it was last written back (root)") },
		{ PAGE_REFERENCED, N_("recently used, as the kernel counts it (root)") },
		{ PAGE_LOCKED, N_("may not be swapped out: mlock (root)") },
		{ PAGE_KSM, N_("merged with equal pages (root)") },
	};
	row = draw_heading(a, row, _("Flags"));
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		row = draw_entry(a, row, on_popup(INK_STRONG, 0), page_flag_name(flags[i].bit),
				 _(flags[i].text));
	return row;
}

/* One below the other, or in two columns, of about the same length. */
static int draw_all(struct area a, const struct scene *scene, bool two, bool compared)
{
	struct area left = area_part(a, 0, 0, a.rows, two ? COLUMNS : a.columns);
	struct area right = two ? area_part(a, 0, COLUMNS + COLUMN_GAP, a.rows, COLUMNS) : left;
	int row = draw_states(left, 0), other;
	row = draw_zoom(left, row + 1);
	other = two ? 0 : row + 1;
	if (compared)
		other = draw_between(right, other, &scene->view->press);
	other = draw_papers(right, other);
	other = draw_marks(right, other + 1);
	row = draw_flags(left, two ? row + 1 : other + 1);
	return max(row, other);
}

/* How many rows it takes: measured by drawing it on a canvas that is not shown. */
static int count_rows(const struct canvas *like, const struct scene *scene, int columns, bool two,
		      bool compared)
{
	struct canvas scratch;
	canvas_init(&scratch, SHEET_ROWS, columns, like->ascii);
	int rows = draw_all(area_all(&scratch), scene, two, compared);
	canvas_fini(&scratch);
	return rows;
}

static int draw(struct area a, const struct scene *scene, const struct overlay *overlay)
{
	bool compared = scene_aligned(scene) != NULL, two = a.columns >= 2 * COLUMNS + COLUMN_GAP + MARGIN;
	int columns = two ? 2 * COLUMNS + COLUMN_GAP : COLUMNS;
	if (columns + MARGIN > a.columns)
		columns = a.columns > MARGIN ? a.columns - MARGIN : 1;
	struct sheet sheet;
	struct area inner = popup_open(a, count_rows(a.canvas, scene, columns, two, compared),
				       columns + ARROW, _("Legend"), _("up, down: scroll   Esc: close"));
	sheet_open(&sheet, inner, SHEET_ROWS, PEN_ON(INK_TEXT, PAPER_POPUP));
	int used = draw_all(area_part(sheet.area, 0, 0, SHEET_ROWS, columns), scene, two, compared);
	return sheet_show(&sheet, used, overlay->scroll);
}

const struct overlay_ops overlay_legend = { .draw = draw };
