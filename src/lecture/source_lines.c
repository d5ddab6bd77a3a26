#include "lecture/source_lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/minmax.h"
#include "base/strbuf.h"
#include "base/text.h"

#define TAB 4

/* A line without its mark, tabs made blanks. */
char *lecture_source_line(const char *line, size_t len)
{
	struct strbuf out = { 0 };
	size_t end = len;

	for (size_t i = 0; i + 4 < len; i++)
		if ((!strncmp(line + i, "/* @", 4) || !strncmp(line + i, "// @", 4))) {
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
	return (unsigned)clamp_int((int)(at - rows / 2), 1, (int)(total - rows + 1));
}

void lecture_source_draw(struct area a, const char *text, unsigned at)
{
	unsigned rows = (unsigned)a.rows, top = lecture_source_top(text, at, rows), number = 1;

	for (const char *c = text; *c && number < top + rows; number++) {
		size_t len = strcspn(c, "\n");
		int row = (int)(number - top);

		if (number >= top) {
			struct pen pen = number == at ? PEN_ON(INK_STRONG, PAPER_SELECTED) : PEN(INK_TEXT);
			char *line = lecture_source_line(c, len);

			if (number == at)
				area_fill(area_part(a, row, 0, 1, a.columns), pen);
			area_text(a, row, 0, number == at ? pen : PEN(INK_ACCENT), number == at ? "▸" : " ");
			area_printf(a, row, 1, number == at ? pen : PEN(INK_DIM), "%3u", number);
			area_fit(a, row, SOURCE_NUMBER_COLUMNS, a.columns - SOURCE_NUMBER_COLUMNS, pen, line,
				 TEXT_CUT_RIGHT);
			free(line);
		}
		c += len + (c[len] == '\n');
	}
}
