/* A sheet is a canvas of its own; a window of it is copied, cell by cell. */
#include "render/sheet.h"

#include "base/minmax.h"
#include "base/text_width.h"

#define ARROW_UP 0x2191
#define ARROW_DOWN 0x2193

void sheet_open(struct sheet *sheet, struct area window, int rows, struct pen background)
{
	canvas_init(&sheet->canvas, rows, window.columns, window.canvas->ascii);
	sheet->canvas.mono = window.canvas->mono;
	sheet->area = area_all(&sheet->canvas);
	sheet->window = window;
	sheet->pen = background;
	if (background.paper != PAPER_PLAIN) /* else it is blank already */
		area_fill(sheet->area, background);
}

static void copy_row(const struct sheet *sheet, int from, int to)
{
	const struct area *window = &sheet->window;
	const struct cell *source = sheet->canvas.cells + (size_t)from * (size_t)sheet->canvas.columns;
	struct cell *target = window->canvas->cells +
			      (size_t)(window->row + to) * (size_t)window->canvas->columns + window->column;
	for (int i = 0; i < window->columns; i++)
		target[i] = source[i];
}

static void show_arrow(const struct sheet *sheet, int row, uint32_t arrow)
{
	struct pen pen = sheet->pen;
	pen.ink = INK_ACCENT;
	/* the cell before may be the left half of a wide character */
	area_put(sheet->window, row, sheet->window.columns - 2, ' ', sheet->pen);
	area_put(sheet->window, row, sheet->window.columns - 1, arrow, pen);
}

int sheet_show(struct sheet *sheet, int used, int scroll)
{
	int room = sheet->window.rows, rows = sheet->canvas.rows;
	if (used > rows)
		used = rows;
	int end = used > room ? used - room : 0;
	scroll = clamp(scroll, 0, end);
	for (int row = 0; row < room && scroll + row < rows; row++)
		copy_row(sheet, scroll + row, row);
	if (scroll > 0 && room > 0)
		show_arrow(sheet, 0, ARROW_UP);
	if (scroll < end && room > 0)
		show_arrow(sheet, room - 1, ARROW_DOWN);
	canvas_fini(&sheet->canvas);
	return end;
}

static void draw_border(struct area box, struct pen pen)
{
	int right = box.columns - 1, bottom = box.rows - 1;
	for (int i = 0; i <= right; i++) {
		area_put(box, 0, i, 0x2500, pen);
		area_put(box, bottom, i, 0x2500, pen);
	}
	for (int i = 0; i <= bottom; i++) {
		area_put(box, i, 0, 0x2502, pen);
		area_put(box, i, right, 0x2502, pen);
	}
	area_put(box, 0, 0, 0x250c, pen);
	area_put(box, 0, right, 0x2510, pen);
	area_put(box, bottom, 0, 0x2514, pen);
	area_put(box, bottom, right, 0x2518, pen);
}

/* The window's edges may cut a wide character in half. */
static void mend_edges(struct area all, struct area box)
{
	for (int row = 0; row < box.rows; row++) {
		int at = (box.row - all.row) + row, left = box.column - all.column - 1;
		int right = left + 1 + box.columns;
		struct cell *cells =
		    all.canvas->cells + (size_t)(all.row + at) * (size_t)all.canvas->columns + all.column;
		if (left >= 0 && text_char_columns(cells[left].ch) == 2)
			area_put(all, at, left, ' ', PEN(INK_TEXT));
		if (right < all.columns && cells[right].ch == 0)
			area_put(all, at, right, ' ', PEN(INK_TEXT));
	}
}

struct area popup_open(struct area all, int rows, int columns, const char *title, const char *foot)
{
	rows = min(rows + 2, all.rows);
	columns = min(columns + 4, all.columns);
	struct area box = area_part(all, (all.rows - rows) / 2, (all.columns - columns) / 2, rows, columns);
	struct pen pen = PEN_ON(INK_DIM, PAPER_POPUP), strong = PEN_ON(INK_ACCENT, PAPER_POPUP);
	mend_edges(all, box);
	area_fill(box, pen);
	draw_border(box, pen);
	strong.style = STYLE_BOLD;
	area_put(box, 0, 2, ' ', pen);
	area_put(box, 0, area_fit(box, 0, 3, columns - 6, strong, title, TEXT_CUT_RIGHT), ' ', pen);
	if (foot) {
		int width = text_columns(foot);
		int at = width + 4 < columns ? columns - width - 3 : 2;
		area_put(box, rows - 1, at - 1, ' ', pen);
		area_put(box, rows - 1, area_fit(box, rows - 1, at, columns - 4, pen, foot, TEXT_CUT_RIGHT),
			 ' ', pen);
	}
	return area_part(box, 1, 2, rows - 2, columns - 4);
}
