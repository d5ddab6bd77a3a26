#include "lecture/source_lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/minmax.h"
#include "base/strbuf.h"
#include "base/text.h"

#define TAB 4
#define CURRENT_ROWS 3 /* of the current line, at most */

/* A line without its mark, tabs made blanks. */
char *lecture_source_line(const char *line, size_t len)
{
	struct strbuf out = { 0 };
	size_t end = len;

	for (size_t i = 0; i + 4 < len; i++)
		if ((text_begins(line + i, "/* @") || text_begins(line + i, "// @"))) {
			end = i;
			break;
		}
	while (end && (line[end - 1] == ' ' || line[end - 1] == '\t'))
		end--;
	strbuf_puts(&out, "");
	for (size_t i = 0; i < end; i++) {
		if (line[i] == '\t')
			do
				strbuf_puts(&out, " ");
			while (out.len % TAB);
		else
			strbuf_add(&out, line + i, 1);
	}
	char *shown = text_printable_dup(out.text, out.len);
	strbuf_fini(&out);
	return shown;
}

unsigned lecture_source_lines(const char *text)
{
	unsigned n = 0;

	for (; *text; text += strcspn(text, "\n"), text += *text == '\n')
		n++;
	return n;
}

unsigned lecture_source_top(const char *text, unsigned at, unsigned rows)
{
	unsigned total = lecture_source_lines(text);

	if (at <= rows / 2 || total <= rows)
		return 1;
	return (unsigned)clamp((int)(at - rows / 2), 1, (int)(total - rows + 1));
}

/* Returns the rows used: one, but the current line is shown whole. */
static int draw_line(struct area a, int row, unsigned number, bool current, const char *line)
{
	struct pen pen = current ? PEN_ON(INK_STRONG, PAPER_SELECTED) : PEN(INK_TEXT);
	int columns = a.columns - SOURCE_LINES_NUMBER_COLUMNS, indent = (int)strspn(line, " "), rows = 1;

	if (current && text_columns(line) > columns && indent < columns / 2) {
		struct area text =
		    area_part(a, row, SOURCE_LINES_NUMBER_COLUMNS + indent, CURRENT_ROWS, columns - indent);

		rows = area_wrap(text, 0, 0, text.columns, text.rows, pen, line + indent);
		for (int i = 0; i < rows; i++)
			area_fill(area_part(a, row + i, 0, 1, a.columns), pen);
		area_wrap(text, 0, 0, text.columns, text.rows, pen, line + indent);
	} else {
		if (current)
			area_fill(area_part(a, row, 0, 1, a.columns), pen);
		area_fit(a, row, SOURCE_LINES_NUMBER_COLUMNS, columns, pen, line, TEXT_CUT_RIGHT);
	}
	area_text(a, row, 0, current ? pen : PEN(INK_ACCENT), current ? "▸" : " ");
	area_printf(a, row, 1, current ? pen : PEN(INK_DIM), "%3u", number);
	return rows;
}

void lecture_source_draw(struct area a, const char *text, unsigned at, unsigned near)
{
	unsigned top = lecture_source_top(text, near, (unsigned)a.rows), number = 1;
	int row = 0;

	for (const char *c = text; *c && row < a.rows; number++) {
		size_t len = strcspn(c, "\n");

		if (number >= top) {
			char *line = lecture_source_line(c, len);

			row += draw_line(a, row, number, number == at, line);
			free(line);
		}
		c += len + (c[len] == '\n');
	}
}
