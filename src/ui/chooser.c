/* The list of processes to choose from, read again every two seconds.
 *
 *    pagescape   choose what to watch                                  312 processes
 *        PID  USER      RESIDENT  RESERVED  COMMAND
 *       demo                                a program made to be watched
 *       4242  ann           3.1M    132.4M  ./demo 64
 *    F1 help  enter watch  / search  o sort  esc quit                              */
#include "ui/chooser.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "render/sheet.h"
#include "ui/line_edit.h"
#include "ui/view/panel.h"

#define REFRESH_NS (2 * CLOCK_SECOND)

static const struct {
	const char *name;
	int left, columns; /* 0: the rest */
	bool right;
} columns_of[CHOOSE_SORTS] = {
	[CHOOSE_BY_PID] = { N_("PID"), 1, 8, true },
	[CHOOSE_BY_USER] = { N_("USER"), 11, 12, false },
	[CHOOSE_BY_RESIDENT] = { N_("RESIDENT"), 24, 9, true },
	[CHOOSE_BY_RESERVED] = { N_("RESERVED"), 35, 9, true },
	[CHOOSE_BY_COMMAND] = { N_("COMMAND"), 46, 0, false },
};

/* The lines: which processes, in which order, which of them is selected */

void chooser_init(struct chooser *c)
{
	memset(c, 0, sizeof *c);
	c->sort = CHOOSE_BY_RESIDENT;
	c->rows = 1;
	chooser_update(c, NULL, 0);
}

void chooser_fini(struct chooser *c)
{
	free(c->lines);
	memset(c, 0, sizeof *c);
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* Sizes: largest first. All else: smallest first. */
static int compare(const void *pa, const void *pb, void *context)
{
	const struct process_info *a = *(const struct process_info *const *)pa;
	const struct process_info *b = *(const struct process_info *const *)pb;
	const struct chooser *c = context;
	int order = 0;

	switch (c->sort) {
	case CHOOSE_BY_USER:
		order = strcmp(a->user, b->user);
		break;
	case CHOOSE_BY_RESIDENT:
		order = compare_numbers(b->resident, a->resident);
		break;
	case CHOOSE_BY_RESERVED:
		order = compare_numbers(b->reserved, a->reserved);
		break;
	case CHOOSE_BY_COMMAND:
		order = strcasecmp(a->command, b->command);
		break;
	case CHOOSE_BY_PID:
	case CHOOSE_SORTS:
		break;
	}
	return order ? order : compare_numbers((uint32_t)a->pid, (uint32_t)b->pid);
}

static bool fits(const struct chooser *c, const struct process_info *p)
{
	char pid[16];

	snprintf(pid, sizeof pid, "%d", p->pid);
	return !c->search_len || strcasestr(p->command, c->search) || strcasestr(p->user, c->search) ||
	       !strncmp(pid, c->search, c->search_len);
}

static int32_t pid_of(const struct chooser *c, int line)
{
	return c->lines[line] ? c->lines[line]->pid : CHOOSER_DEMO;
}

static void show_selected(struct chooser *c)
{
	if (c->at < c->top)
		c->top = c->at;
	if (c->at >= c->top + c->rows)
		c->top = c->at - c->rows + 1;
}

static void select_line(struct chooser *c, int line)
{
	c->at = line >= (int)c->shown ? (int)c->shown - 1 : line;
	if (c->at < 0)
		c->at = 0;
	c->selected = pid_of(c, c->at);
	show_selected(c);
}

/* Selects the line of the selected pid; if that is gone, the line that took its place. */
static void find_selected(struct chooser *c)
{
	size_t i;

	for (i = 0; i < c->shown; i++)
		if (pid_of(c, (int)i) == c->selected)
			break;
	if (i < c->shown) {
		c->top += (int)i - c->at; /* it stays where it is on the screen */
		c->at = (int)i;
	} else {
		select_line(c, c->at);
	}
	if (c->top > (int)c->shown - c->rows)
		c->top = (int)c->shown - c->rows;
	if (c->top < 0)
		c->top = 0;
	show_selected(c);
}

static void make_lines(struct chooser *c)
{
	size_t i;

	mem_grow(c->lines, c->cap, c->count + 1);
	c->lines[0] = NULL;
	c->shown = 1;
	for (i = 0; i < c->count; i++)
		if (fits(c, &c->list[i]))
			c->lines[c->shown++] = &c->list[i];
	qsort_r(c->lines + 1, c->shown - 1, sizeof *c->lines, compare, c);
	find_selected(c);
}

void chooser_update(struct chooser *c, const struct process_info *list, size_t count)
{
	c->list = list;
	c->count = count;
	make_lines(c);
}

static void sort_by(struct chooser *c, int sort)
{
	c->sort = (enum chooser_sort)(sort % CHOOSE_SORTS);
	make_lines(c);
}

/* The first match is selected while one types, so that Enter is all that is left to do. */
static void search_again(struct chooser *c)
{
	make_lines(c);
	select_line(c, c->search_len && c->shown > 1 ? 1 : 0);
}

static void stop_search(struct chooser *c)
{
	c->typing = false;
	c->search_len = 0;
	c->search[0] = '\0';
	make_lines(c);
}

/* Keys and the mouse */

static enum chooser_result choose(struct chooser *c)
{
	const struct process_info *p = c->lines[c->at];

	if (!p || p->watchable)
		return CHOOSER_CHOSEN;
	snprintf(c->message, sizeof c->message,
		 _("process %d belongs to %s: only that user and root may watch it"), p->pid, p->user);
	return CHOOSER_STAY;
}

static bool moved(struct chooser *c, uint32_t key)
{
	int page = c->rows > 2 ? c->rows - 1 : 1;

	switch (key) {
	case KEY_CODE_UP:
		select_line(c, c->at - 1);
		return true;
	case KEY_CODE_DOWN:
		select_line(c, c->at + 1);
		return true;
	case KEY_CODE_PGUP:
		select_line(c, c->at - page);
		return true;
	case KEY_CODE_PGDN:
		select_line(c, c->at + page);
		return true;
	case KEY_CODE_HOME:
		select_line(c, 0);
		return true;
	case KEY_CODE_END:
		select_line(c, (int)c->shown - 1);
		return true;
	default:
		return false;
	}
}

enum chooser_result chooser_key(struct chooser *c, uint32_t key)
{
	bool help = c->help;

	c->message[0] = '\0';
	c->help = false;
	if (key == KEY_CTRL('C'))
		return CHOOSER_QUIT;
	if (help) /* any key closes it */
		return CHOOSER_STAY;
	if (key == KEY_CODE_F1 || (key == '?' && !c->typing)) {
		c->help = true;
		return CHOOSER_STAY;
	}
	if (key == '\n')
		return choose(c);
	if (moved(c, key))
		return CHOOSER_STAY;
	if (key == KEY_ESCAPE && !c->typing && !c->search_len)
		return CHOOSER_QUIT;
	if (key == KEY_ESCAPE || (key == KEY_CODE_BACKSPACE && c->typing && !c->search_len))
		stop_search(c);
	else if (c->typing && line_edit(c->search, sizeof c->search, &c->search_len, key))
		search_again(c);
	else if (c->typing)
		return CHOOSER_STAY;
	else if (key == 'q')
		return CHOOSER_QUIT;
	else if (key == '/')
		c->typing = true;
	else if (key == 'o' || key == KEY_CODE_RIGHT)
		sort_by(c, (int)c->sort + 1);
	else if (key == KEY_CODE_LEFT)
		sort_by(c, (int)c->sort + CHOOSE_SORTS - 1);
	return CHOOSER_STAY;
}

static int column_at(int column)
{
	int i;

	for (i = CHOOSE_SORTS - 1; i >= 0; i--)
		if (column >= columns_of[i].left)
			return i;
	return -1;
}

enum chooser_result chooser_mouse(struct chooser *c, const struct mouse *mouse)
{
	int line = c->top + mouse->row - CHOOSER_FIRST_ROW, sort = column_at(mouse->column);

	c->message[0] = '\0';
	c->help = false;
	if (mouse->what == MOUSE_WHEEL_UP || mouse->what == MOUSE_WHEEL_DOWN) {
		select_line(c, c->at + (mouse->what == MOUSE_WHEEL_UP ? -3 : 3));
	} else if (mouse->row == CHOOSER_FIRST_ROW - 1) {
		if (sort >= 0)
			sort_by(c, sort);
	} else if (line >= c->top && line < (int)c->shown && mouse->row < CHOOSER_FIRST_ROW + c->rows) {
		select_line(c, line);
		if (mouse->what == MOUSE_DOUBLE)
			return choose(c);
	}
	return CHOOSER_STAY;
}

/* The picture */

static void put(struct area a, int row, enum chooser_sort part, struct pen pen, const char *text)
{
	int columns = columns_of[part].columns ? columns_of[part].columns : a.columns - columns_of[part].left;

	if (columns < 1)
		return;
	if (columns_of[part].right)
		area_text_right(a, row, columns_of[part].left + columns, pen, text);
	else
		area_fit(a, row, columns_of[part].left, columns, pen, text, TEXT_CUT_RIGHT);
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
		put(a, CHOOSER_FIRST_ROW - 1, (enum chooser_sort)i, pen, _(columns_of[i].name));
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
		panel_keys(area_part(a, row, 0, 1, a.columns),
			   _("F1 help  enter watch  / search  o sort  esc quit"));
	}
}

static const struct {
	const char *keys, *help;
} helps[] = {
	{ N_("up, down"), N_("select a line; also pgup, pgdn, home, end") },
	{ N_("enter"), N_("watch the selected process; also a double click") },
	{ "/", N_("search in commands, users and pids") },
	{ "o", N_("sort by the next column; also left, right") },
	{ "F1, ?", N_("this help") },
	{ N_("esc"), N_("close help, end the search, or quit") },
	{ "q", N_("quit") },
};

#define HELPS ((int)(sizeof helps / sizeof *helps))
#define HELP_KEYS 10 /* columns */

static void draw_help(struct area all)
{
	struct pen key = PEN_ON(INK_STRONG, PAPER_POPUP), text = PEN_ON(INK_TEXT, PAPER_POPUP);
	struct area a = popup_open(all, HELPS, 60, _("Help"), NULL);

	key.style = STYLE_BOLD;
	for (int i = 0; i < HELPS && i < a.rows; i++) {
		area_fit(a, i, 1, HELP_KEYS - 1, key, _(helps[i].keys), TEXT_CUT_RIGHT);
		area_fit(a, i, 1 + HELP_KEYS, a.columns - HELP_KEYS - 1, text, _(helps[i].help),
			 TEXT_CUT_RIGHT);
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
	if (c->help)
		draw_help(a);
}

/* On the terminal */

static void show(struct terminal *terminal, struct canvas *canvas, struct chooser *chooser)
{
	terminal_fit(terminal, canvas);
	canvas_clear(canvas);
	chooser_draw(canvas, chooser);
	terminal_show(terminal, canvas);
}

static enum chooser_result take_key(struct terminal *terminal, struct chooser *chooser, uint32_t key)
{
	struct mouse mouse;

	if (key == KEY_CODE_CLOSED)
		return CHOOSER_QUIT;
	if (key == KEY_CODE_MOUSE)
		return terminal_mouse(terminal, &mouse) ? chooser_mouse(chooser, &mouse) : CHOOSER_STAY;
	if (key == KEY_CTRL('Z'))
		terminal_suspend(terminal);
	else if (key == KEY_CTRL('L'))
		terminal_repaint(terminal);
	else if (key != KEY_CODE_RESIZE)
		return chooser_key(chooser, key);
	return CHOOSER_STAY;
}

static enum chooser_result take_keys(struct terminal *terminal, struct chooser *chooser)
{
	enum chooser_result result = CHOOSER_STAY;
	uint32_t key;

	while (result == CHOOSER_STAY && (key = terminal_key(terminal)) != KEY_NONE_YET)
		result = take_key(terminal, chooser, key);
	return result;
}

static void wait_until(struct terminal *terminal, uint64_t due)
{
	struct pollfd fds[TERMINAL_FDS];
	uint64_t now = clock_now_ns();
	size_t n = terminal_poll_fds(terminal, fds);

	/* a signal that ended the wait is in the pipe, where the caller looks */
	if (poll(fds, n, due > now ? (int)((due - now) / CLOCK_MS) + 1 : 0) < 0)
		return;
}

static enum chooser_result choose_one(struct terminal *terminal, struct chooser *chooser,
				      chooser_list_fn list, void *context)
{
	struct canvas canvas;
	enum chooser_result result = CHOOSER_STAY;
	uint64_t read_ns = 0;

	canvas_init(&canvas, 1, 1, 0);
	while (result == CHOOSER_STAY) {
		if (!read_ns || clock_now_ns() - read_ns >= REFRESH_NS) {
			struct process_info *infos = NULL;
			size_t count = list(context, &infos);

			chooser_update(chooser, infos, count);
			read_ns = clock_now_ns();
		}
		show(terminal, &canvas, chooser);
		wait_until(terminal, read_ns + REFRESH_NS);
		result = take_keys(terminal, chooser);
	}
	canvas_fini(&canvas);
	return result;
}

int chooser_run(const struct terminal_options *options, chooser_list_fn list, void *context, int32_t *pid,
		struct err *err)
{
	struct terminal *terminal = terminal_open(options, err);
	struct chooser chooser;
	enum chooser_result result;
	int number;

	if (!terminal)
		return -1;
	chooser_init(&chooser);
	result = choose_one(terminal, &chooser, list, context);
	*pid = chooser.selected;
	chooser_fini(&chooser);
	number = terminal_signal(terminal);
	terminal_close(terminal);
	if (number) /* nothing is watched yet that would have to be let go first */
		raise(number);
	return result == CHOOSER_QUIT;
}
