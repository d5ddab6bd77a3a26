#include "ui/lecture/notes.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "render/glyph.h"
#include "ui/key.h"

#define MARGIN 2
#define DIGIT_ROWS 5
#define DIGIT_COLUMNS 7
#define PERIOD_MS 250
#define PAGE_ROWS 3
#define SMALL_ROWS 18 /* a window of fewer has no room for a large clock */

/* Three by five dots a digit, a bit each, the top left one the highest. */
static const uint16_t digits[] = { 075557, 026227, 071747, 071717, 055711,
				   074717, 074757, 071122, 075757, 075717 };

static void draw_digit(struct area a, int row, int column, char c, struct pen pen)
{
	bool colon = c == ':';

	for (int y = 0; y < DIGIT_ROWS; y++)
		for (int x = 0; x < 3; x++) {
			bool on = colon ? x == 1 && (y == 1 || y == 3)
					: c >= '0' && c <= '9' && digits[c - '0'] >> (14 - (y * 3 + x)) & 1;

			for (int i = 0; on && i < 2; i++)
				area_put(a, row + y, column + x * 2 + i, GLYPH_FULL, pen);
		}
}

static void draw_large(struct area a, int row, const char *text, struct pen pen)
{
	int columns = (int)strlen(text) * DIGIT_COLUMNS, column = a.columns - MARGIN - columns;

	for (; *text; text++, column += DIGIT_COLUMNS)
		draw_digit(a, row, column, *text, pen);
}

/* "12:34" since the beginning, "1:02:03" from an hour on */
static void clock_text(char *out, size_t size, int64_t seconds)
{
	int64_t hours = seconds / 3600, minutes = seconds / 60 % 60;

	if (seconds < 0 || hours > 99)
		snprintf(out, size, "00:00");
	else if (hours)
		snprintf(out, size, "%lld:%02lld:%02lld", (long long)hours, (long long)minutes,
			 (long long)(seconds % 60));
	else
		snprintf(out, size, "%02lld:%02lld", (long long)minutes, (long long)(seconds % 60));
}

/* Draws each line of the notes as a paragraph. Returns the row after them, which may be below the area. */
static int draw_thoughts(struct area a, int row, const char *notes)
{
	for (const char *c = notes; *c;) {
		size_t len = strcspn(c, "\n");
		char *line = mem_strndup(c, len);

		area_text(a, row, 0, PEN(INK_ACCENT), "▸");
		row += area_wrap(a, row, 2, a.columns - 2, INT_MAX,
				 (struct pen){ INK_STRONG, PAPER_PLAIN, STYLE_BOLD }, line) +
		       1;
		free(line);
		c += len + (c[len] == '\n');
	}
	return row - 1;
}

/* The lesson, the step, the score, what is going on; in a small window in as few rows as it can. Returns the row
 * after them. */
static int draw_head(struct area in, const struct notes_page *p, bool small)
{
	int row = small ? 0 : 1, column;

	area_fit(in, row, 0, small ? in.columns - 9 : in.columns / 2, PEN(INK_DIM), p->lesson,
		 TEXT_CUT_RIGHT);
	column = area_printf(in, ++row, 0, PEN(INK_TEXT), _("step %zu of %zu"), p->step + 1, p->steps);
	row += !small;
	if (p->asked)
		area_printf(in, row, small ? column + 2 : 0, PEN(INK_TEXT), _("score %u/%u"), p->right,
			    p->asked);
	if (p->over)
		area_text(in, ++row, 0, PEN(INK_WARN),
			  *p->next ? _("the lecture was left; --resume continues it")
				   : _("the lecture has ended"));
	else if (p->asking)
		area_text(in, ++row, 0, PEN(INK_ACCENT), _("its question is being asked"));
	return small ? row + 1 : DIGIT_ROWS + 2;
}

bool notes_draw(struct area a, const struct notes_page *p)
{
	struct area in = area_part(a, 0, MARGIN, a.rows, a.columns - 2 * MARGIN), text;
	char elapsed[32];
	bool small, more;
	int row, bottom;

	area_fill(a, PEN(INK_TEXT));
	if (!p->steps) {
		area_wrap(in, 1, 0, in.columns, in.rows, PEN(INK_TEXT),
			  _("No lecture is on. Start one in the other terminal: pagescape lesson --all"));
		return false;
	}
	clock_text(elapsed, sizeof elapsed, p->now_s - p->began_s);
	small = a.rows < SMALL_ROWS || in.columns / 2 < (int)strlen(elapsed) * DIGIT_COLUMNS;
	if (small)
		area_text_right(in, 0, in.columns, PEN(INK_ACCENT), elapsed);
	else
		draw_large(a, 1, elapsed, PEN(INK_ACCENT));
	row = draw_head(in, p, small);
	row += area_wrap(in, row, 0, in.columns, small ? 1 : 3,
			 (struct pen){ INK_TITLE, PAPER_PLAIN, STYLE_BOLD }, p->title) +
	       !small;
	bottom = a.rows - (small ? 2 : 3);
	text = area_part(in, row, 0, bottom - row, in.columns);
	more = draw_thoughts(text, -p->skip, p->notes) > text.rows;
	area_rule(a, bottom, PEN(INK_LINE), more ? _("Down: more") : NULL);
	area_printf(in, bottom + 1, 0, PEN(INK_DIM), _("next: %s"), *p->next ? p->next : _("the end"));
	return more;
}

/* Scrolls; true: the key asks to quit. */
static bool take_key(uint32_t key, bool more, int *skip)
{
	int by = key == KEY_CODE_UP || key == KEY_CODE_DOWN ? 1 : PAGE_ROWS;

	if (more && (key == KEY_CODE_DOWN || key == KEY_CODE_PGDN))
		*skip += by;
	else if (key == KEY_CODE_UP || key == KEY_CODE_PGUP)
		*skip = *skip < by ? 0 : *skip - by;
	return key == 'q' || key == KEY_CTRL('c') || key == KEY_CODE_CLOSED;
}

int notes_run(const struct terminal_options *options, void (*read)(void *context, struct notes_page *),
	      void *context, struct err *err)
{
	struct terminal *terminal = terminal_open(options, err);
	struct canvas canvas;
	bool quit = false, more;
	int number, skip = 0;
	size_t step = 0;

	if (!terminal)
		return -1;
	canvas_init(&canvas, 24, 80, options->ascii);
	while (!quit) {
		struct notes_page page = { 0 };
		struct pollfd fds[TERMINAL_FDS];
		size_t count = terminal_poll_fds(terminal, fds);
		uint32_t key;

		read(context, &page);
		if (page.step != step)
			skip = 0;
		step = page.step;
		page.skip = skip;
		terminal_fit(terminal, &canvas);
		canvas_clear(&canvas);
		more = notes_draw(area_all(&canvas), &page);
		terminal_show(terminal, &canvas);
		poll(fds, count, PERIOD_MS);
		while ((key = terminal_key(terminal)) != KEY_NONE_YET) {
			struct mouse mouse;

			quit |= take_key(key, more, &skip);
			more = more && key != KEY_CODE_DOWN && key != KEY_CODE_PGDN; /* until it is drawn */
			if (key == KEY_CTRL('z'))
				terminal_suspend(terminal);
			else if (key == KEY_CODE_MOUSE)
				terminal_mouse(terminal, &mouse);
			if (key == KEY_CODE_CLOSED)
				break;
		}
	}
	number = terminal_signal(terminal);
	canvas_fini(&canvas);
	terminal_close(terminal);
	return number;
}
