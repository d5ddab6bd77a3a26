/* A canvas on the terminal.
 *
 * curses keeps what the terminal shows and sends the difference; comparing cell by
 * cell before curses is called keeps even that work away when little changed, and
 * sends not one byte when nothing did. A look (attributes and colour pair) is made
 * once for every ink on every paper, so that a cell costs one setcchar. Terminals
 * with eight colours have 64 pairs only: equal colours share a pair. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/terminal_private.h"

#define PAIRS (INK_COUNT * PAPER_COUNT)

struct pairs {
	int foreground[PAIRS + 1], background[PAIRS + 1];
	int count;
};

static attr_t attributes(unsigned style)
{
	return (style & STYLE_BOLD ? A_BOLD : 0) | (style & STYLE_UNDERLINE ? A_UNDERLINE : 0) |
	       (style & STYLE_REVERSE ? A_REVERSE : 0);
}

/* On terminals whose colours are plain RGB numbers (COLORS is 2^24) the 256 colours
 * of the palette are worked out: 16 of them are left as names, then a cube, then greys. */
static int direct_colour(int palette)
{
	static const int steps[] = { 0, 0x5f, 0x87, 0xaf, 0xd7, 0xff };
	int i = palette - 16, grey = 8 + (palette - 232) * 10;

	if (palette < 16)
		return palette & 7;
	if (palette >= 232)
		return grey << 16 | grey << 8 | grey;
	return steps[i / 36] << 16 | steps[i / 6 % 6] << 8 | steps[i % 6];
}

static int colour_here(short colour)
{
	return COLORS > 256 && colour >= 0 ? direct_colour(colour) : colour;
}

/* The pair of two colours, made when first asked for; 0 where there is none left. */
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

void terminal_make_looks(struct terminal *t, const struct theme *theme)
{
	struct pairs *pairs = mem_zalloc(sizeof *pairs);
	int colours = t->colour ? COLORS : 0;

	t->mono = colours < 8 || theme->mono;
	for (int ink = 0; ink < INK_COUNT; ink++) {
		for (int paper = 0; paper < PAPER_COUNT; paper++) {
			struct theme_look seen = theme_look(theme, colours, (uint8_t)ink, (uint8_t)paper, 0);
			struct look *look = &t->looks[ink][paper];

			look->attr = attributes(seen.style);
			look->pair =
			    t->mono ? 0 : share_pair(pairs, colour_here(seen.ink), colour_here(seen.paper));
		}
	}
	free(pairs);
}

void terminal_set_theme(struct terminal *t, const struct theme *theme)
{
	terminal_make_looks(t, theme);
	t->repaint = true;
}

/* What may go out: nothing that a terminal would obey, nothing that it cannot show. */
static wchar_t harmless(const struct terminal *t, uint32_t ch)
{
	if (ch < 32 || (ch >= 127 && ch < 160) || (t->ascii && ch > 126))
		return L'?';
	return (wchar_t)ch;
}

static void put_cell(const struct terminal *t, int row, int column, const struct cell *cell)
{
	const struct look *look = &t->looks[cell->ink < INK_COUNT ? cell->ink : INK_TEXT]
					   [cell->paper < PAPER_COUNT ? cell->paper : PAPER_PLAIN];
	wchar_t text[2] = { harmless(t, cell->ch), 0 };
	int pair = look->pair;
	cchar_t shown;

	if (setcchar(&shown, text, look->attr | attributes(cell->style), 0, &pair) == OK)
		mvadd_wchnstr(row, column, &shown, 1);
}

static bool same(const struct cell *a, const struct cell *b)
{
	return a->ch == b->ch && a->ink == b->ink && a->paper == b->paper && a->style == b->style;
}

static void forget(struct terminal *t, const struct canvas *canvas)
{
	size_t size = (size_t)canvas->rows * (size_t)canvas->columns * sizeof *t->last;

	t->last = mem_realloc(t->last, size ? size : 1);
	memset(t->last, 0xff, size); /* no cell is like this */
	t->last_rows = canvas->rows;
	t->last_columns = canvas->columns;
	erase();
	clearok(curscr, TRUE);
	t->repaint = false;
}

/* Every second row, from `row` on. */
static bool put_changes(struct terminal *t, const struct canvas *canvas, int row)
{
	bool changed = false;
	int column;

	for (; row < canvas->rows && row < t->rows; row += 2) {
		size_t begin = (size_t)row * (size_t)canvas->columns;

		/* most rows are as they were; bytes that differ need not be cells that differ */
		if (!memcmp(canvas->cells + begin, t->last + begin,
			    (size_t)canvas->columns * sizeof *t->last))
			continue;
		for (column = 0; column < canvas->columns && column < t->columns; column++) {
			size_t i = begin + (size_t)column;

			if (same(&canvas->cells[i], &t->last[i]))
				continue;
			changed = true;
			t->last[i] = canvas->cells[i];
			if (canvas->cells[i].ch != 0) /* the left half draws both */
				put_cell(t, row, column, &canvas->cells[i]);
		}
	}
	return changed;
}

static bool put_cursor(struct terminal *t, const struct canvas *canvas)
{
	bool shown = canvas->cursor_row >= 0, was = t->cursor_row >= 0;

	if (canvas->cursor_row == t->cursor_row && canvas->cursor_column == t->cursor_column)
		return false;
	t->cursor_row = canvas->cursor_row;
	t->cursor_column = canvas->cursor_column;
	if (shown != was) {
		leaveok(stdscr, !shown);
		curs_set(shown);
	}
	return true;
}

/* The even rows go out before the odd ones: lines that moved together would have curses
 * scroll part of the screen, which saves nothing where panels stand side by side, and
 * which not every terminal does alike. Curses has no switch for it. */
void terminal_show(struct terminal *t, const struct canvas *canvas)
{
	bool whole = t->repaint || canvas->rows != t->last_rows || canvas->columns != t->last_columns;
	bool cells, cursor;

	if (whole)
		forget(t, canvas);
	cells = put_changes(t, canvas, 0);
	if (cells && !whole)
		refresh();
	cells |= put_changes(t, canvas, 1);
	cursor = put_cursor(t, canvas);
	if (!whole && !cells && !cursor)
		return;
	if (canvas->cursor_row >= 0)
		move(canvas->cursor_row, canvas->cursor_column);
	refresh();
}
