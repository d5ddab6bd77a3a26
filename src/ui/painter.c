/* A canvas on the screen.
 *
 * curses keeps what the terminal shows and sends the difference. Comparing cell by cell before
 * curses is called saves even that work when little changed, and sends not one byte when
 * nothing did. The appearance (attributes and colour pair) of every ink on every paper is made
 * once, so that a cell costs one setcchar. Terminals with eight colours have only 64 pairs:
 * equal colours share a pair. */
#include "ui/painter.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define PAIRS (INK_COUNT * PAPER_COUNT)

/* The attributes of an ink on a paper on this terminal. */
struct curses_attr {
	attr_t attr;
	int pair;
};

struct painter {
	bool ascii;
	bool colour; /* may be used */
	bool mono;   /* none is seen, with this theme */
	struct curses_attr appearances[INK_COUNT][PAPER_COUNT];
	struct cell *last; /* what the screen shows */
	int last_rows, last_columns;
	int cursor_row, cursor_column; /* -1: hidden */
	bool repaint;
};

struct pairs {
	int foreground[PAIRS + 1], background[PAIRS + 1];
	int count;
};

static attr_t attributes(unsigned style)
{
	return (style & STYLE_BOLD ? A_BOLD : 0) | (style & STYLE_UNDERLINE ? A_UNDERLINE : 0) |
	       (style & STYLE_REVERSE ? A_REVERSE : 0);
}

/* On terminals whose colours are plain RGB numbers (COLORS is 2^24) the 256 colours of the palette are
 * computed: the first 16 stay named, then a cube, then greys. */
static int direct_colour(int palette)
{
	return palette < 16 ? palette & 7 : (int)theme_rgb((short)palette);
}

static int colour_here(short colour)
{
	return COLORS > 256 && colour >= 0 ? direct_colour(colour) : colour;
}

/* The pair of two colours, made on first use; 0 if there is none left. */
static int share_pair(struct pairs *pairs, int foreground, int background)
{
	int i;

	if (foreground < 0 && background < 0)
		return 0;
	for (i = 1; i <= pairs->count; i++)
		if (pairs->foreground[i] == foreground && pairs->background[i] == background)
			return i;
	if (i >= COLOR_PAIRS || init_extended_pair(i, foreground, background) != OK)
		return 0;
	pairs->foreground[i] = foreground;
	pairs->background[i] = background;
	pairs->count = i;
	return i;
}

static void make_appearances(struct painter *p, const struct theme *theme)
{
	struct pairs *pairs = mem_zalloc(sizeof *pairs);
	int colours = p->colour ? COLORS : 0;

	p->mono = colours < 8 || theme->mono;
	for (int ink = 0; ink < INK_COUNT; ink++) {
		for (int paper = 0; paper < PAPER_COUNT; paper++) {
			struct theme_attributes seen =
			    theme_attributes(theme, colours, (uint8_t)ink, (uint8_t)paper, 0);
			struct curses_attr *looks = &p->appearances[ink][paper];

			looks->attr = attributes(seen.style);
			looks->pair =
			    p->mono ? 0 : share_pair(pairs, colour_here(seen.ink), colour_here(seen.paper));
		}
	}
	free(pairs);
}

struct painter *painter_create(const struct theme *theme, bool colour, bool ascii)
{
	struct painter *p = mem_zalloc(sizeof *p);

	p->colour = colour;
	p->ascii = ascii;
	p->cursor_row = -1;
	p->repaint = true;
	make_appearances(p, theme);
	return p;
}

void painter_destroy(struct painter *p)
{
	if (!p)
		return;
	free(p->last);
	free(p);
}

bool painter_mono(const struct painter *p)
{
	return p->mono;
}

void painter_repaint(struct painter *p)
{
	p->repaint = true;
}

void painter_set_theme(struct painter *p, const struct theme *theme)
{
	make_appearances(p, theme);
	p->repaint = true;
}

/* The character that may be sent: no control character, and none that the terminal cannot show. */
static wchar_t harmless(const struct painter *p, uint32_t ch)
{
	if (ch < 32 || (ch >= 127 && ch < 160) || (p->ascii && ch > 126))
		return L'?';
	return (wchar_t)ch;
}

static void put_cell(const struct painter *p, int row, int column, const struct cell *cell)
{
	const struct curses_attr *looks =
	    &p->appearances[cell->ink < INK_COUNT ? cell->ink : INK_TEXT]
			   [cell->paper < PAPER_COUNT ? cell->paper : PAPER_PLAIN];
	wchar_t text[2] = { harmless(p, cell->ch), 0 };
	int pair = looks->pair;
	cchar_t shown;

	if (setcchar(&shown, text, looks->attr | attributes(cell->style), 0, &pair) == OK)
		mvadd_wchnstr(row, column, &shown, 1);
}

static bool same(const struct cell *a, const struct cell *b)
{
	return a->ch == b->ch && a->ink == b->ink && a->paper == b->paper && a->style == b->style;
}

static void forget(struct painter *p, const struct canvas *canvas)
{
	size_t size = (size_t)canvas->rows * (size_t)canvas->columns * sizeof *p->last;

	p->last = mem_realloc(p->last, size ? size : 1);
	memset(p->last, 0xff, size); /* no cell is like this */
	p->last_rows = canvas->rows;
	p->last_columns = canvas->columns;
	erase();
	clearok(curscr, TRUE);
	p->repaint = false;
}

/* Every second row, from `row` on. */
static bool put_changes(struct painter *p, const struct canvas *canvas, int row)
{
	bool changed = false;
	int column;

	for (; row < canvas->rows && row < LINES; row += 2) {
		size_t begin = (size_t)row * (size_t)canvas->columns;

		/* most rows are as they were; bytes that differ need not be cells that differ */
		if (!memcmp(canvas->cells + begin, p->last + begin,
			    (size_t)canvas->columns * sizeof *p->last))
			continue;
		for (column = 0; column < canvas->columns && column < COLS; column++) {
			size_t i = begin + (size_t)column;

			if (same(&canvas->cells[i], &p->last[i]))
				continue;
			changed = true;
			p->last[i] = canvas->cells[i];
			if (canvas->cells[i].ch != 0) /* the left half draws both */
				put_cell(p, row, column, &canvas->cells[i]);
		}
	}
	return changed;
}

static bool put_cursor(struct painter *p, const struct canvas *canvas)
{
	bool shown = canvas->cursor_row >= 0, was = p->cursor_row >= 0;

	if (canvas->cursor_row == p->cursor_row && canvas->cursor_column == p->cursor_column)
		return false;
	p->cursor_row = canvas->cursor_row;
	p->cursor_column = canvas->cursor_column;
	if (shown != was) {
		leaveok(stdscr, !shown);
		curs_set(shown);
	}
	return true;
}

/* The even rows go out before the odd ones: lines that moved together would have curses scroll part of the
 * screen, which saves nothing where panels stand side by side, and which not every terminal does alike.
 * Curses has no option for that. */
void painter_show(struct painter *p, const struct canvas *canvas)
{
	bool whole = p->repaint || canvas->rows != p->last_rows || canvas->columns != p->last_columns;
	bool cells, cursor;

	if (whole)
		forget(p, canvas);
	cells = put_changes(p, canvas, 0);
	if (cells && !whole)
		refresh();
	cells |= put_changes(p, canvas, 1);
	cursor = put_cursor(p, canvas);
	if (!whole && !cells && !cursor)
		return;
	if (canvas->cursor_row >= 0)
		move(canvas->cursor_row, canvas->cursor_column);
	refresh();
}
