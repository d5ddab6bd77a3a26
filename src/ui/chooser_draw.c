/* The picture of the list of processes.
 *
 *    pagescape   choose what to watch                                  312 processes
 *        PID  USER      RESIDENT▾ RESERVED  COMMAND
 *       demo                                a program made to be watched
 *       4242  ann           3.1M    132.4M  ./demo 64
 *    enter watch  / search  o sort  q quit                                            */
#include <inttypes.h>
#include <stdio.h>

#include "base/i18n.h"
#include "ui/view/panel.h"
#include "ui/chooser.h"

static const struct {
	const char *name;
	int left, columns; /* 0: the rest */
	bool right;
} parts[CHOOSE_SORTS] = {
	[CHOOSE_BY_PID] = { N_("PID"), 1, 8, true },
	[CHOOSE_BY_USER] = { N_("USER"), 11, 12, false },
	[CHOOSE_BY_RESIDENT] = { N_("RESIDENT"), 24, 9, true },
	[CHOOSE_BY_RESERVED] = { N_("RESERVED"), 35, 9, true },
	[CHOOSE_BY_COMMAND] = { N_("COMMAND"), 46, 0, false },
};

int chooser_column_at(int column)
{
	int i;

	for (i = CHOOSE_SORTS - 1; i >= 0; i--)
		if (column >= parts[i].left)
			return i;
	return -1;
}

static void put(struct area a, int row, enum chooser_sort part, struct pen pen, const char *text)
{
	int columns = parts[part].columns ? parts[part].columns : a.columns - parts[part].left;

	if (columns < 1)
		return;
	if (parts[part].right)
		area_text_right(a, row, parts[part].left + columns, pen, text);
	else
		area_fit(a, row, parts[part].left, columns, pen, text, TEXT_CUT_RIGHT);
}

static void draw_title(struct area a, const struct chooser *c)
{
	struct pen pen = PEN_ON(INK_TITLE, PAPER_BAR);
	char count[64];

	area_fill(area_part(a, 0, 0, 1, a.columns), pen);
	pen.style = STYLE_BOLD;
	area_text(a, 0, 1, pen, "pagescape");
	area_fit(a, 0, 13, a.columns - 13, PEN_ON(INK_TEXT, PAPER_BAR), _("choose what to watch"),
		 TEXT_CUT_RIGHT);
	snprintf(count, sizeof count, ngettext("%zu process", "%zu processes", c->shown - 1), c->shown - 1);
	if (a.columns > 60)
		area_text_right(a, 0, a.columns - 1, PEN_ON(INK_DIM, PAPER_BAR), count);
}

static void draw_names(struct area a, const struct chooser *c)
{
	int i;

	for (i = 0; i < CHOOSE_SORTS; i++) {
		bool sorted = (int)c->sort == i;
		struct pen pen = PEN(sorted ? INK_STRONG : INK_DIM);

		pen.style = sorted ? STYLE_BOLD | STYLE_UNDERLINE : 0;
		put(a, CHOOSER_FIRST_ROW - 1, (enum chooser_sort)i, pen, _(parts[i].name));
	}
}

static void draw_process(struct area a, int row, const struct process_info *p, uint8_t paper)
{
	struct pen text = PEN_ON(p->watchable ? INK_TEXT : INK_DIM, paper);
	struct pen strong = PEN_ON(p->watchable ? INK_STRONG : INK_DIM, paper);
	char buf[16];

	snprintf(buf, sizeof buf, "%" PRId32, p->pid);
	put(a, row, CHOOSE_BY_PID, text, buf);
	put(a, row, CHOOSE_BY_USER, text, p->user);
	put(a, row, CHOOSE_BY_RESIDENT, strong, text_size(buf, p->resident));
	put(a, row, CHOOSE_BY_RESERVED, text, text_size(buf, p->reserved));
	put(a, row, CHOOSE_BY_COMMAND, strong, p->command);
}

static void draw_demo(struct area a, int row, uint8_t paper)
{
	put(a, row, CHOOSE_BY_PID, PEN_ON(INK_ACCENT, paper), _("demo"));
	put(a, row, CHOOSE_BY_COMMAND, PEN_ON(INK_TEXT, paper), _("a program made to be watched"));
}

static void draw_line(struct area a, int row, const struct chooser *c, int line)
{
	uint8_t paper = line == c->at ? PAPER_SELECTED : PAPER_PLAIN;

	area_fill(area_part(a, row, 0, 1, a.columns), PEN_ON(INK_TEXT, paper));
	if (c->lines[line])
		draw_process(a, row, c->lines[line], paper);
	else
		draw_demo(a, row, paper);
}

static void draw_footer(struct canvas *canvas, struct area a, const struct chooser *c)
{
	int row = a.rows - 1, column;

	area_fill(area_part(a, row, 0, 1, a.columns), PEN_ON(INK_TEXT, PAPER_BAR));
	if (c->message[0]) {
		area_fit(a, row, 1, a.columns - 2, PEN_ON(INK_WARN, PAPER_BAR), c->message, TEXT_CUT_RIGHT);
	} else if (c->typing || c->search_len) {
		area_text(a, row, 1, PEN_ON(INK_ACCENT, PAPER_BAR), "/");
		column = area_fit(a, row, 2, a.columns - 4, PEN_ON(INK_STRONG, PAPER_BAR), c->search,
				  TEXT_CUT_LEFT);
		if (c->typing) {
			canvas->cursor_row = a.row + row;
			canvas->cursor_column = a.column + column;
		}
	} else {
		panel_keys(area_part(a, row, 0, 1, a.columns), _("enter watch  / search  o sort  q quit"));
	}
}

void chooser_draw(struct canvas *canvas, struct chooser *c)
{
	struct area a = area_all(canvas);
	int line;

	c->rows = a.rows > CHOOSER_FIRST_ROW + 1 ? a.rows - CHOOSER_FIRST_ROW - 1 : 1;
	if (c->at >= c->top + c->rows)
		c->top = c->at - c->rows + 1;
	area_fill(a, PEN(INK_TEXT));
	draw_title(a, c);
	draw_names(a, c);
	for (line = c->top; line < (int)c->shown && line < c->top + c->rows; line++)
		draw_line(a, CHOOSER_FIRST_ROW + line - c->top, c, line);
	draw_footer(canvas, a, c);
}
