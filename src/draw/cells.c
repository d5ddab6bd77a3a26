/* Row by row: backgrounds first, as stretches of one colour, then what is on them. Text is written in
 * stretches of one appearance, so that a reader of a PDF can select it. */
#include "draw/cells.h"

#include <string.h>

#include "base/strbuf.h"
#include "draw/shape.h"

#define MARGIN 10.0
#define BASELINE (CELL_HEIGHT * 0.72)

/* How a cell looks in colours. */
struct appearance {
	uint32_t ink, paper;
	bool bold, underline;
};

static struct appearance appearance_of(const struct theme *theme, const struct cell *cell)
{
	struct theme_attributes a = theme_attributes(theme, 256, cell->ink, cell->paper, cell->style);
	bool reverse = a.style & STYLE_REVERSE;
	/* if a theme has no colours, black on white */
	uint32_t ink = a.ink == THEME_DEFAULT ? 0x000000 : theme_rgb(a.ink);
	uint32_t paper = a.paper == THEME_DEFAULT ? 0xffffff : theme_rgb(a.paper);

	return (struct appearance){ .ink = reverse ? paper : ink,
				    .paper = reverse ? ink : paper,
				    .bold = a.style & STYLE_BOLD,
				    .underline = a.style & STYLE_UNDERLINE };
}

static bool same_appearance(const struct appearance *a, const struct appearance *b)
{
	return a->ink == b->ink && a->bold == b->bold;
}

struct cell_row {
	struct drawing *drawing;
	const struct theme *theme;
	const struct cell *cells;
	int columns;
	double x, y;
	double size, bold_size; /* of the font: a column of it is a cell wide */
};

static void draw_papers(const struct cell_row *row)
{
	int from = 0;

	for (int i = 1; i <= row->columns; i++) {
		uint32_t paper = appearance_of(row->theme, &row->cells[from]).paper;

		if (i < row->columns && appearance_of(row->theme, &row->cells[i]).paper == paper)
			continue;
		drawing_fill(row->drawing, row->x + from * CELL_WIDTH, row->y, (i - from) * CELL_WIDTH,
			     CELL_HEIGHT, paper);
		from = i;
	}
}

static void write_text(const struct cell_row *row, int column, const struct appearance *style,
		       const char *text)
{
	const struct drawing_text how = { DRAWING_FONT_CELL, style->bold ? row->bold_size : row->size,
					  style->bold, style->ink };

	drawing_text(row->drawing, row->x + column * CELL_WIDTH, row->y + BASELINE, &how, text);
}

/* A stretch of ASCII in one appearance; returns the column after it. */
static int draw_stretch(const struct cell_row *row, int from, const struct appearance *style)
{
	struct strbuf text = { 0 };
	int i = from, blanks = 0;

	for (; i < row->columns && row->cells[i].ch < 0x7f && row->cells[i].ch; i++) {
		struct appearance here = appearance_of(row->theme, &row->cells[i]);
		char ch = (char)row->cells[i].ch;

		blanks = ch == ' ' ? blanks + 1 : 0;
		if (blanks > 1 || (ch != ' ' && !same_appearance(style, &here)))
			break;
		strbuf_add(&text, &ch, 1);
	}
	if (text.len)
		write_text(row, from, style, text.text);
	strbuf_fini(&text);
	return i > from ? i : from + 1;
}

static int draw_character(const struct cell_row *row, int column, const struct appearance *style)
{
	const struct cell *cell = &row->cells[column];
	bool wide = column + 1 < row->columns && row->cells[column + 1].ch == 0;
	double x = row->x + column * CELL_WIDTH;
	char text[5];

	if (shape_draw(row->drawing, cell->ch, x, row->y, CELL_WIDTH, CELL_HEIGHT, style->ink))
		return column + 1;
	text_encode(text, cell->ch);
	/* from any font, but clipped to its cell */
	drawing_clip(row->drawing, x, row->y, CELL_WIDTH * (wide ? 2 : 1), CELL_HEIGHT);
	write_text(row, column, style, text);
	drawing_unclip(row->drawing);
	return column + (wide ? 2 : 1);
}

static void draw_row(const struct cell_row *row)
{
	int column = 0;

	draw_papers(row);
	while (column < row->columns) {
		const struct cell *cell = &row->cells[column];
		struct appearance style = appearance_of(row->theme, cell);

		if (cell->ch == ' ' || cell->ch == 0)
			column++;
		else if (cell->ch < 0x7f)
			column = draw_stretch(row, column, &style);
		else
			column = draw_character(row, column, &style);
	}
	for (int i = 0; i < row->columns; i++) {
		struct appearance style = appearance_of(row->theme, &row->cells[i]);

		if (style.underline)
			drawing_fill(row->drawing, row->x + i * CELL_WIDTH, row->y + CELL_HEIGHT - 3,
				     CELL_WIDTH, 1.2, style.ink);
	}
}

void cells_draw(struct drawing *d, double x, double y, const struct canvas *canvas, const struct theme *theme)
{
	struct cell_row row = { .drawing = d,
				.theme = theme,
				.columns = canvas->columns,
				.x = x,
				.size = CELL_WIDTH / drawing_cell_width(d, false),
				.bold_size = CELL_WIDTH / drawing_cell_width(d, true) };

	for (int i = 0; i < canvas->rows && canvas->columns > 0; i++) {
		row.cells = canvas->cells + (size_t)i * (size_t)canvas->columns;
		row.y = y + i * CELL_HEIGHT;
		draw_row(&row);
	}
}

int cells_write(FILE *out, enum draw_format format, const struct canvas *canvas, const struct theme *theme,
		const char *title, struct err *err)
{
	double width = canvas->columns * CELL_WIDTH + 2 * MARGIN;
	double height = canvas->rows * CELL_HEIGHT + 2 * MARGIN;
	struct drawing *d = drawing_create(format, out, width, height, title, err);
	const struct cell plain = { ' ', INK_TEXT, PAPER_PLAIN, 0 };

	if (!d)
		return -1;
	drawing_fill(d, 0, 0, width, height, appearance_of(theme, &plain).paper);
	cells_draw(d, MARGIN, MARGIN, canvas, theme);
	return drawing_finish(d, err);
}
