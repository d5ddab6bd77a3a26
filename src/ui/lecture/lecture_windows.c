#include "ui/lecture/lecture_windows.h"

#include <string.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "base/strbuf.h"
#include "render/address_picture.h"
#include "render/sheet.h"

#define COLUMNS 74
#define ADDRESS_ROWS 13

static const char *const help_lines[] = {
	N_("PgDn, space, right    go on to the next step; what was seen is kept"),
	N_("PgUp, left            go back, through what was recorded"),
	N_("Home, End             the first step, the last that was reached"),
	N_("c                     contents: jump to any step"),
	N_("f                     the page faults of this step, one by one"),
	N_("v                     vote again: the question once more"),
	N_("a                     a page's address taken apart; arrows: another page"),
	N_("o                     what the program wrote"),
	N_("e, d, s               evict, drop or sync pages shown here; asks first"),
	N_(". or b                blank the screen; any key shows it again"),
	N_("q, q                  end; where a reason is typed: Ctrl-C, Ctrl-C"),
	"",
	N_("A question: type a number, or choose with the arrows, then Enter."),
	N_("PgDn goes on without an answer, PgUp back to the step before."),
	N_("A clicker works: its Esc and F5 do nothing."),
};
#define HELP_LINES ((int)(sizeof help_lines / sizeof *help_lines))

int lecture_window_last(const struct lecture_window_view *v)
{
	return v->window == LECTURE_WINDOW_CONTENTS ? (int)v->entry_count - 1
	       : v->window == LECTURE_WINDOW_HELP   ? HELP_LINES - 1
						    : 0;
}

static void draw_help(const struct lecture_window_view *v, struct area all)
{
	struct area a = popup_open(all, HELP_LINES, COLUMNS, _("keys"), NULL);

	for (int i = v->at; i < HELP_LINES; i++)
		area_fit(a, i - v->at, 0, a.columns, PEN_ON(INK_TEXT, PAPER_POPUP),
			 *help_lines[i] ? _(help_lines[i]) : "", TEXT_CUT_RIGHT);
}

static bool was_seen(const struct lecture_window_view *v, size_t number)
{
	for (size_t i = 0; i < v->slide_count; i++)
		if (v->slides[i]->number == number)
			return true;
	return false;
}

static void draw_contents(const struct lecture_window_view *v, struct area all)
{
	int count = (int)v->entry_count;
	struct area a = popup_open(all, count, COLUMNS, _("contents"), _("Enter goes there"));
	int top = clamp(v->at - a.rows / 2, 0, count > a.rows ? count - a.rows : 0);

	for (int i = top; i < count && i - top < a.rows; i++) {
		const struct lecture_entry *e = &v->entries[i];
		struct pen pen = i == v->at
				     ? PEN_ON(INK_STRONG, PAPER_SELECTED)
				     : PEN_ON(was_seen(v, (size_t)i) ? INK_TEXT : INK_DIM, PAPER_POPUP);

		area_fill(area_part(a, i - top, 0, 1, a.columns), pen);
		if (e->first)
			area_fit(a, i - top, 0, 16, pen, e->lesson, TEXT_CUT_RIGHT);
		area_text(a, i - top, 17, pen, v->shown && (size_t)i == v->shown->number ? "▸" : " ");
		area_fit(a, i - top, 19, a.columns - 19, pen, e->title, TEXT_CUT_RIGHT);
	}
}

static void draw_output(const struct lecture_window_view *v, struct area all)
{
	int lines = 0;

	while (v->shown && lines < SLIDE_OUTPUT && v->shown->output[lines])
		lines++;
	struct area a = popup_open(all, lines ? lines : 1, COLUMNS, _("output"), NULL);

	for (int i = 0; i < lines; i++)
		area_fit(a, i, 0, a.columns, PEN_ON(INK_TEXT, PAPER_POPUP), v->shown->output[i],
			 TEXT_CUT_RIGHT);
}

/* What is known about the frame, below the picture. */
static void frame_words(struct strbuf *out, const struct slide_place *p, size_t page)
{
	enum page_state state = page_state(p->pages[page].word);

	strbuf_puts(out, "");
	if (page_state_zeroes(state))
		strbuf_puts(out, _("The frame is the kernel's one zero page."));
	else if (!page_state_resident(state) || p->pages[page].frame)
		return;
	else if (page >= SLIDE_FRAMES && !p->frames_err.code)
		strbuf_puts(out, _("frame unknown: only those of a place's first pages are read"));
	else
		strbuf_printf(out, _("frame unknown: %s"),
			      p->frames_err.code ? p->frames_err.text : _("it was not read"));
}

/* Gives what was drawn on a plain background the window's background. */
static void lay_on_window(struct area a)
{
	for (int row = 0; row < a.rows; row++)
		for (int column = 0; column < a.columns; column++) {
			struct cell *cell =
			    &a.canvas->cells[(a.row + row) * a.canvas->columns + a.column + column];

			if (cell->paper == PAPER_PLAIN)
				cell->paper = PAPER_POPUP;
		}
}

static void draw_address(const struct lecture_window_view *v, struct area all)
{
	struct area a = popup_open(all, ADDRESS_ROWS, COLUMNS, _("address"), _("arrows: another page"));
	const struct slide_place *p =
	    v->shown && v->place < v->shown->place_count ? &v->shown->places[v->place] : NULL;
	struct pen plain = PEN_ON(INK_TEXT, PAPER_POPUP);

	if (!p || v->page >= p->count) {
		area_fit(a, 0, 0, a.columns, plain, _("No page is shown here."), TEXT_CUT_RIGHT);
		return;
	}
	const struct address_picture picture = { .address = p->pages[v->page].number * v->shown->page_size,
						 .address_bits = v->shown->address_bits,
						 .page_shift = (unsigned)__builtin_ctzll(v->shown->page_size),
						 .word = p->pages[v->page].word,
						 .closed = p->closed,
						 .has_frame = p->pages[v->page].frame,
						 .frame = p->pages[v->page].frame };
	int column =
	    area_printf(a, 0, 2, PEN_ON(INK_STRONG, PAPER_POPUP), _("page %zu of %s"), v->page, p->name);

	if (p->child)
		column =
		    area_printf(a, 0, column, PEN_ON(INK_ACCENT, PAPER_POPUP), _(" in child %u"), p->child);
	area_printf(a, 0, column, plain, "  0x%llx  %s", (unsigned long long)picture.address,
		    page_state_name(page_state(picture.word)));
	int used = address_picture_draw(area_part(a, 2, 0, a.rows - 3, a.columns), a.rows - 3, &picture);
	struct strbuf words = { 0 };
	frame_words(&words, p, v->page);
	area_fit(a, 2 + used, 2, a.columns - 2, PEN_ON(INK_WARN, PAPER_POPUP), words.text, TEXT_CUT_RIGHT);
	strbuf_fini(&words);
	lay_on_window(a);
}

void lecture_window_draw(const struct lecture_window_view *v, struct area a)
{
	if (v->window == LECTURE_WINDOW_HELP)
		draw_help(v, a);
	else if (v->window == LECTURE_WINDOW_CONTENTS)
		draw_contents(v, a);
	else if (v->window == LECTURE_WINDOW_OUTPUT)
		draw_output(v, a);
	else if (v->window == LECTURE_WINDOW_ADDRESS)
		draw_address(v, a);
}
