/* Help: the lines that the command table gives, in a window; two columns where they fit.
 *
 * A line that begins with a blank is an entry, "  key  what it does"; any other is the
 * heading of a group. */
#include "ui/view/overlays.h"

#include <string.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "render/sheet.h"
#include "ui/view/scene.h"

#define COLUMN_GAP 3
#define LINES_MAX 256

static int count_lines(const char *const *lines)
{
	int n = 0;
	while (lines && lines[n])
		n++;
	return n;
}

static int longest_line(const char *const *lines, int n)
{
	int longest = 0;
	for (int i = 0; i < n; i++) {
		int columns = text_columns(lines[i]);
		longest = max(columns, longest);
	}
	return longest;
}

static bool is_heading(const char *line)
{
	return *line && *line != ' ';
}

/* Where the second column begins: at a heading near the middle, where there is one. */
static int split_at(const char *const *lines, int n)
{
	int half = (n + 1) / 2;
	for (int away = 0; away <= n / 6; away++) {
		if (half + away < n && is_heading(lines[half + away]))
			return half + away;
		if (half - away > 0 && is_heading(lines[half - away]))
			return half - away;
	}
	return half;
}

static void draw_line(struct area a, int row, int columns, const char *line)
{
	struct pen heading = PEN_ON(INK_ACCENT, PAPER_POPUP), text = PEN_ON(INK_TEXT, PAPER_POPUP);
	struct pen key = PEN_ON(INK_STRONG, PAPER_POPUP);
	heading.style = key.style = STYLE_BOLD;
	size_t indent = strspn(line, " ");
	const char *gap = strstr(line + indent, "  ");
	area_fit(a, row, 0, columns, is_heading(line) ? heading : text, line, TEXT_CUT_RIGHT);
	if (is_heading(line) || !gap)
		return;
	char keys[64];
	size_t len = (size_t)(gap - line);
	len = len < sizeof keys ? len : sizeof keys - 1;
	memcpy(keys, line, len);
	keys[len] = '\0';
	area_fit(a, row, 0, columns, key, keys, TEXT_CUT_RIGHT);
}

static int draw_lines(struct area a, int column, int columns, const char *const *lines, int n)
{
	struct area part = area_part(a, 0, column, a.rows, columns);
	for (int i = 0; i < n; i++)
		draw_line(part, i, columns, lines[i]);
	return n;
}

/* Copies lines without the empty ones between groups; returns how many. */
static int leave_out_blanks(const char **to, const char *const *lines, int n)
{
	int kept = 0;
	for (int i = 0; i < n; i++)
		if (*lines[i])
			to[kept++] = lines[i];
	return kept;
}

static int rows_of(const char *const *lines, int n)
{
	int split = split_at(lines, n);
	return max(split, n - split);
}

static int draw(struct area a, const struct scene *scene, const struct overlay *overlay)
{
	const char *dense[LINES_MAX] = { 0 };
	const char *const *lines = scene->help;
	int n = count_lines(lines), width = longest_line(lines, n), rows = n, split = n;
	if (n > a.rows - 4 && 2 * width + COLUMN_GAP + 6 <= a.columns) {
		/* groups have headings: where room is short these are enough to separate them */
		if (rows_of(lines, n) > a.rows - 2 && n <= LINES_MAX) {
			n = leave_out_blanks(dense, lines, n);
			lines = dense;
		}
		split = split_at(lines, n);
		rows = rows_of(lines, n);
	}
	struct sheet sheet;
	int columns = split < n ? 2 * width + COLUMN_GAP : width;
	struct area inner = popup_open(a, rows, columns + 2, _("Help"), _("up, down: scroll   Esc: close"));
	sheet_open(&sheet, inner, SHEET_ROWS, PEN_ON(INK_TEXT, PAPER_POPUP));
	draw_lines(sheet.area, 0, min(inner.columns, width), lines, split);
	if (split < n)
		draw_lines(sheet.area, width + COLUMN_GAP, width, lines + split, n - split);
	return sheet_show(&sheet, rows, overlay->scroll);
}

const struct overlay_ops overlay_help = { .draw = draw };
