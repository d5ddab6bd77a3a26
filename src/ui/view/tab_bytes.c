/* The bytes of the page: offset, hex, text.
 *
 *    0x000  7f 45 4c 46 02 01 01 00  00 00 00 00 00 00 00 00  .ELF............
 *    0x010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  ................
 *    *      2 identical rows
 *    0x040  ...
 *
 * Rows that repeat the one before are one line, as in hexdump. Bytes are only read where
 * that touches nothing: a page that is not in memory has none to show. */
#include "ui/view/tabs.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "render/page_facts.h"
#include "ui/view/scene.h"

#define LEFT 1
#define OFFSET_COLUMNS 8 /* "0x000  " and one */

struct dump {
	const uint8_t *bytes;
	size_t len;
	size_t across; /* bytes a row: 4, 8, 16, 32 */
};

/* Columns of a row: the offset, "xx " a byte, a blank more every eight, the text. */
static int row_columns(int across)
{
	return LEFT + OFFSET_COLUMNS + across * 3 + (across + 7) / 8 + 1 + across;
}

static size_t fitting_across(int columns)
{
	for (int across = 32; across > 4; across /= 2)
		if (row_columns(across) < columns)
			return (size_t)across;
	return 4;
}

static size_t row_len(const struct dump *d, size_t row)
{
	size_t rest = d->len - row * d->across;
	return min(rest, d->across);
}

/* How many rows from this one on equal the one before it. */
static size_t repeats(const struct dump *d, size_t row)
{
	size_t n = 0, rows = (d->len + d->across - 1) / d->across;
	if (row == 0)
		return 0;
	const uint8_t *before = d->bytes + (row - 1) * d->across;
	while (row + n < rows && row_len(d, row + n) == d->across &&
	       !memcmp(before, d->bytes + (row + n) * d->across, d->across))
		n++;
	return n;
}

static void draw_row(struct area a, int line, const struct dump *d, size_t row)
{
	size_t start = row * d->across, len = row_len(d, row);
	int text = LEFT + OFFSET_COLUMNS + (int)(d->across * 3 + (d->across + 7) / 8);
	area_printf(a, line, LEFT, PEN(INK_ACCENT), "0x%03zx", start);
	for (size_t i = 0; i < len; i++) {
		uint8_t byte = d->bytes[start + i];
		bool printable = byte >= ' ' && byte < 0x7f;
		struct pen pen = PEN(byte == 0 ? INK_DIM : printable ? INK_STRONG : INK_TEXT);
		area_printf(a, line, LEFT + OFFSET_COLUMNS + (int)(i * 3 + i / 8), pen, "%02x", byte);
		area_put(a, line, text + (int)i, printable ? byte : 0xb7, printable ? pen : PEN(INK_DIM));
	}
}

/* The lines: a row each, or one for rows that repeat. A single repetition is shown as it
 * is. Draws those from `top` on; returns how many lines there are. */
static int draw_lines(struct area a, const struct dump *d, int top)
{
	int line = 0;
	for (size_t row = 0, rows = (d->len + d->across - 1) / d->across; row < rows; line++) {
		size_t same = repeats(d, row);
		if (same > 1) {
			area_text(a, line - top, LEFT, PEN(INK_ACCENT), "*");
			area_printf(a, line - top, LEFT + OFFSET_COLUMNS, PEN(INK_DIM),
				    ngettext("%zu row the same", "%zu rows the same", same), same);
			row += same;
		} else {
			if (line >= top && line - top < a.rows)
				draw_row(a, line - top, d, row);
			row++;
		}
	}
	return line;
}

static bool is_all_zero(const struct dump *d)
{
	for (size_t i = 0; i < d->len; i++)
		if (d->bytes[i])
			return false;
	return true;
}

static void draw_none(struct area a, const struct page_facts *s)
{
	const char *why;
	if (!s->region)
		why = _("No region is here: there are no bytes.");
	else if (s->detail && s->detail->bytes_refused)
		why = s->detail->bytes_why;
	else if (!page_state_mapped(page_state(s->word)))
		why = _(
		    "The page is not in memory: reading it would touch it, and change what there is to see.");
	else
		why = _("The bytes have not been read yet.");
	area_wrap(a, 0, LEFT, a.columns - LEFT - 1, a.rows, PEN(INK_WARN), why);
}

static void begin_anew(struct tab *tab, const struct scene *scene)
{
	(void)scene;
	tab->scroll = 0;
}

static int draw(struct area a, const struct scene *scene, const struct tab *tab)
{
	struct page_facts s;
	if (!scene->process)
		return 0;
	s = page_facts(scene->process->space, scene->page, scene->detail);
	if (!s.region || !s.detail || !s.detail->bytes_len) {
		draw_none(a, &s);
		return 0;
	}
	struct dump dump = { s.detail->bytes, s.detail->bytes_len, fitting_across(a.columns) };
	if (is_all_zero(&dump)) {
		area_printf(a, 0, LEFT, PEN(INK_DIM),
			    page_state_zeroes(page_state(s.word))
				? _("%zu bytes, all zero: the shared zero page")
				: _("%zu bytes, all zero"),
			    dump.len);
		a = area_part(a, 1, 0, a.rows - 1, a.columns);
	}
	struct area nowhere = area_part(a, 0, 0, 0, 0);
	int lines = draw_lines(nowhere, &dump, 0), top = tab->scroll;
	int end = lines > a.rows ? lines - a.rows : 0;
	draw_lines(a, &dump, min(top, end));
	return end;
}

const struct view_ops tab_bytes = {
	.name = N_("bytes"),
	.brief = N_("byte"),
	.key = '4',
	.flags = TAB_OF_PAGE | TAB_SHOWS_BYTES | TAB_STAYS,
	.draw = draw,
	.cursor_moved = begin_anew,
};
