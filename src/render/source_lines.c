/* Lines of a source file, as far as their text is known. */
#include "render/source_lines.h"

#include <inttypes.h>

#include "base/strbuf.h"

#define TAB_STOP 8

/* A source line made printable, its tabs become blanks. */
static void add_source_text(struct strbuf *out, const char *raw)
{
	struct strbuf line = { 0 };
	int column = 0;

	strbuf_add(&line, "", 0);
	for (; *raw; raw++) {
		if (*raw != '\t') {
			strbuf_add(&line, raw, 1);
			column++;
			continue;
		}
		do
			strbuf_puts(&line, " ");
		while (++column % TAB_STOP);
	}
	text_printable(out, line.text, line.len);
	strbuf_fini(&line);
}

static void draw_line(struct area a, int row, int column, uint32_t number, const char *raw, bool current)
{
	uint8_t paper = current ? PAPER_SELECTED : PAPER_PLAIN;
	struct strbuf text = { 0 };

	add_source_text(&text, raw);
	if (current) {
		area_fill(area_part(a, row, column, 1, a.columns - column), PEN_ON(INK_STRONG, paper));
		area_put(a, row, column, 0x25b8, PEN_ON(INK_ACCENT, paper));
	}
	column = area_printf(a, row, column + 2, PEN_ON(INK_DIM, paper), "%4" PRIu32 "  ", number);
	area_fit(a, row, column, a.columns - column - 1, PEN_ON(current ? INK_STRONG : INK_TEXT, paper),
		 text.text ? text.text : "", TEXT_CUT_RIGHT);
	strbuf_fini(&text);
}

int source_lines_draw(struct area a, int row, int column, const struct names *names,
		      const struct code_frame *at, uint32_t around)
{
	uint32_t first = at->line > around ? at->line - around : 1;

	for (uint32_t line = first; line <= at->line + around && row < a.rows; line++) {
		const char *raw = names_line(names, at->source, line);

		if (raw)
			draw_line(a, row++, column, line, raw, line == at->line);
	}
	return row;
}
