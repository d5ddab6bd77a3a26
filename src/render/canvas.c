/* Cells are a flat array, row after row. All drawing ends in area_put(), which clips
 * and, on a canvas that is to be ASCII, replaces what is not. */
#include "render/canvas.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/minmax.h"
#include "base/text.h"
#include "base/text_width.h"

void canvas_init(struct canvas *c, int rows, int columns, int ascii)
{
	*c = (struct canvas){ .rows = rows, .columns = columns, .ascii = ascii };
	c->cells = mem_alloc(((size_t)rows * (size_t)columns + 1) * sizeof *c->cells);
	canvas_clear(c);
}

void canvas_fini(struct canvas *c)
{
	free(c->cells);
	c->cells = NULL;
	c->rows = c->columns = 0;
}

void canvas_clear(struct canvas *c)
{
	area_fill(area_all(c), PEN(INK_TEXT));
	c->cursor_row = c->cursor_column = -1;
}

struct area area_all(struct canvas *c)
{
	return (struct area){ c, 0, 0, c->rows, c->columns };
}

struct area area_part(struct area a, int row, int column, int rows, int columns)
{
	int r = clamp(row, 0, a.rows), c = clamp(column, 0, a.columns);

	return (struct area){ a.canvas, a.row + r, a.column + c, clamp(rows, 0, a.rows - r),
			      clamp(columns, 0, a.columns - c) };
}

static struct cell *area_cell(struct area a, int row, int column)
{
	if (row < 0 || row >= a.rows || column < 0 || column >= a.columns)
		return NULL;
	return &a.canvas
		    ->cells[(size_t)(a.row + row) * (size_t)a.canvas->columns + (size_t)(a.column + column)];
}

/* What replaces a character where only ASCII may be shown. */
static uint32_t ascii_for(uint32_t ch)
{
	static const struct {
		uint16_t from, to;
		char as;
	} table[] = {
		{ 0x00a0, 0x00a0, ' ' }, { 0x00b7, 0x00b7, '.' },  { 0x00d7, 0x00d7, 'x' },
		{ 0x2010, 0x2015, '-' }, { 0x2018, 0x2019, '\'' }, { 0x201c, 0x201d, '"' },
		{ 0x2022, 0x2022, '*' }, { 0x2026, 0x2026, '~' },  { 0x2190, 0x2190, '<' },
		{ 0x2191, 0x2191, '^' }, { 0x2192, 0x2192, '>' },  { 0x2193, 0x2193, 'v' },
		{ 0x2248, 0x2248, '~' }, { 0x22ef, 0x22ef, '~' },  { 0x2500, 0x2501, '-' },
		{ 0x2502, 0x2503, '|' }, { 0x2504, 0x2505, '-' },  { 0x2506, 0x2507, ':' },
		{ 0x250a, 0x250b, ':' }, { 0x250c, 0x254b, '+' },  { 0x2550, 0x2550, '=' },
		{ 0x2551, 0x2551, '|' }, { 0x2552, 0x2570, '+' },  { 0x2588, 0x2588, '#' },
		{ 0x25b8, 0x25ba, '>' }, { 0x25be, 0x25be, 'v' },  { 0x25cf, 0x25cf, '*' },
		{ 0x25d0, 0x25d0, 'o' }, { 0x2715, 0x2715, 'x' },
	};

	if (ch < 0x7f)
		return ch;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (ch >= table[i].from && ch <= table[i].to)
			return (unsigned char)table[i].as;
	return '?';
}

static void set_cell(struct cell *cell, uint32_t ch, struct pen pen)
{
	if (cell)
		*cell = (struct cell){ ch, pen.ink, pen.paper, pen.style };
}

void area_fill(struct area a, struct pen pen)
{
	const struct cell cell = { ' ', pen.ink, pen.paper, pen.style };

	for (int row = 0; row < a.rows && a.columns > 0; row++) {
		struct cell *cells = area_cell(a, row, 0);

		for (int column = 0; column < a.columns; column++)
			cells[column] = cell;
	}
}

void area_put(struct area a, int row, int column, uint32_t ch, struct pen pen)
{
	struct cell *cell = area_cell(a, row, column), *right;
	int columns = text_char_columns(ch);

	if (!cell || columns < 1)
		return;
	if (a.canvas->ascii && ch > 0x7e)
		ch = columns == 1 ? ascii_for(ch) : '?';
	right = columns == 2 ? area_cell(a, row, column + 1) : NULL;
	if (columns == 2 && !right)
		ch = ' '; /* half a character cannot be shown */
	set_cell(cell, ch, pen);
	set_cell(right, a.canvas->ascii ? ' ' : 0, pen);
}

int area_text(struct area a, int row, int column, struct pen pen, const char *text)
{
	size_t len = strlen(text);

	while (len > 0) {
		uint32_t ch;
		size_t bytes = text_decode(text, len, &ch);

		area_put(a, row, column, ch, pen);
		column += text_char_columns(ch);
		text += bytes;
		len -= bytes;
	}
	return column;
}

int area_printf(struct area a, int row, int column, struct pen pen, const char *format, ...)
{
	char *text = NULL;
	va_list args;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0)
		return column;
	column = area_text(a, row, column, pen, text);
	free(text);
	return column;
}

int area_fit(struct area a, int row, int column, int columns, struct pen pen, const char *text,
	     enum text_cut cut)
{
	struct strbuf out = { 0 };

	if (columns > 0) {
		text_fit(&out, text, columns, cut, a.canvas->ascii);
		if (out.len)
			column = area_text(a, row, column, pen, out.text);
	}
	strbuf_fini(&out);
	return column;
}

void area_text_right(struct area a, int row, int column, struct pen pen, const char *text)
{
	area_text(a, row, column - text_columns(text), pen, text);
}

/* The bytes of `text` that fit in `columns`, broken at a blank where there is one, but for one before a dash. */
static size_t line_bytes(const char *text, int columns)
{
	size_t len = strlen(text), at = 0, blank_at = 0;
	int used = 0;

	while (at < len && text[at] != '\n') {
		uint32_t ch;
		size_t bytes = text_decode(text + at, len - at, &ch);

		used += text_char_columns(ch);
		if (used > columns && ch != ' ')
			return blank_at ? blank_at : at ? at : bytes;
		if (ch == ' ' && !text_begins(text + at, " — "))
			blank_at = at;
		at += bytes;
	}
	return at;
}

int area_wrap(struct area a, int row, int column, int columns, int rows, struct pen pen, const char *text)
{
	int used = 0;

	for (; *text && used < rows && columns > 0; used++) {
		size_t len = line_bytes(text, columns);
		char *line = mem_strndup(text, len);
		bool last = used == rows - 1 && text[len + strspn(text + len, " \n")];

		/* what does not fit into the last row is cut there, and is seen to be */
		area_fit(a, row + used, column, columns, pen, last ? text : line, TEXT_CUT_RIGHT);
		free(line);
		text += len;
		if (*text == '\n')
			text++;
		else
			text += strspn(text, " ");
	}
	return used;
}

void area_rule(struct area a, int row, struct pen pen, const char *title)
{
	for (int column = 0; column < a.columns; column++)
		area_put(a, row, column, 0x2500, pen);
	if (title && a.columns > 6)
		area_printf(a, row, 1, pen, " %s ", title);
}

/* Golden screens: a letter for each ink, paper, style. */
static const char ink_letters[] = "tdlTsagwbhf_RCZFPASWGU";
static const char paper_letters[] = ".=S@123rcp";
static const char style_letters[] = ".buBrRUX"; /* by the bits of enum style */
_Static_assert(sizeof ink_letters == INK_COUNT + 1, "a letter for each ink");
_Static_assert(sizeof paper_letters == PAPER_COUNT + 1, "a letter for each paper");

static char cell_ink(const struct cell *c)
{
	return c->ch == ' ' ? ' ' : ink_letters[c->ink];
}

static char cell_paper(const struct cell *c)
{
	return c->paper == PAPER_PLAIN ? ' ' : paper_letters[c->paper];
}

static char cell_style(const struct cell *c)
{
	return c->style == 0 ? ' ' : style_letters[c->style & 7];
}

static void print_block(const struct canvas *c, FILE *out, const char *name,
			char (*letter)(const struct cell *))
{
	fprintf(out, "--- %s\n", name);
	for (int row = 0; row < c->rows; row++) {
		const struct cell *cells = c->cells + (size_t)row * (size_t)c->columns;
		int end = c->columns;

		while (end > 0 && letter(&cells[end - 1]) == ' ')
			end--;
		for (int column = 0; column < end; column++)
			putc(letter(&cells[column]), out);
		putc('\n', out);
	}
}

static void print_char(uint32_t ch, FILE *out)
{
	char text[5];

	text_encode(text, ch);
	fputs(text, out);
}

void canvas_print(const struct canvas *c, FILE *out, int styles)
{
	for (int row = 0; row < c->rows; row++) {
		const struct cell *cells = c->cells + (size_t)row * (size_t)c->columns;
		int end = c->columns;

		while (end > 0 && cells[end - 1].ch == ' ')
			end--;
		for (int column = 0; column < end; column++)
			if (cells[column].ch)
				print_char(cells[column].ch, out);
		putc('\n', out);
	}
	if (!styles)
		return;
	print_block(c, out, "inks", cell_ink);
	print_block(c, out, "papers", cell_paper);
	print_block(c, out, "styles", cell_style);
}
