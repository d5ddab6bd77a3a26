/* The list of processes to choose from, read again every two seconds.
 *
 *    pagescape   choose what to watch                                  312 processes
 *       PID USER     RESIDENT  GROWTH VIRTUAL WATCH COMMAND
 *      demo                                         a program made to be watched
 *      4242 ann          3.1M   +1.2M  132.4M yes   ./demo 64
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
#include "ui/commands.h"
#include "ui/line_edit.h"
#include "ui/view/panel.h"

#define REFRESH_NS (2 * CLOCK_SECOND)

static const struct {
	const char *name;
	int left, columns; /* 0: the rest */
	bool right;
} columns_of[CHOICE_SORTS] = {
	[CHOICE_BY_PID] = { N_("PID"), 0, 8, true },
	[CHOICE_BY_USER] = { N_("USER"), 9, 8, false },
	[CHOICE_BY_RESIDENT] = { N_("RESIDENT"), 18, 8, true },
	[CHOICE_BY_GROWTH] = { N_("GROWTH"), 27, 7, true },
	[CHOICE_BY_VIRTUAL] = { N_("VIRTUAL"), 35, 7, true },
	[CHOICE_BY_WATCH] = { N_("WATCH"), 43, 5, false },
	[CHOICE_BY_COMMAND] = { N_("COMMAND"), 49, 0, false },
};

void chooser_init(struct chooser *c, const struct keymap *keys)
{
	*c = (struct chooser){ .keys = keys };
	choice_init(&c->lines);
}

void chooser_fini(struct chooser *c)
{
	choice_fini(&c->lines);
}

static void stop_search(struct chooser *c)
{
	c->typing = false;
	c->lines.search_len = 0;
	c->lines.search[0] = '\0';
	choice_update(&c->lines, c->lines.list, c->lines.count);
}

/* Keys and the mouse */

static void say_refused(const struct process_info *p, char *text, size_t size)
{
	if (p->refused == PROCESS_REFUSED_OTHER_USER)
		snprintf(text, size, _("process %d belongs to %s: only that user and root may watch it"),
			 p->pid, p->user);
	else
		snprintf(text, size,
			 _("the kernel refuses: process %d has privileges that you lack, or is protected"),
			 p->pid);
}

static enum chooser_result choose(struct chooser *c)
{
	const struct choice_line *line = choice_selected(&c->lines);

	if (!line) {
		snprintf(c->message, sizeof c->message, "%s", _("nothing matches the search; esc ends it"));
		return CHOOSER_STAY;
	}
	if (!line->info || !line->info->refused)
		return CHOOSER_CHOSEN;
	say_refused(line->info, c->message, sizeof c->message);
	return CHOOSER_STAY;
}

static bool moved(struct chooser *c, uint32_t key)
{
	int page = c->lines.rows > 2 ? c->lines.rows - 1 : 1;

	switch (key) {
	case KEY_CODE_UP:
		choice_select(&c->lines, c->lines.at - 1);
		return true;
	case KEY_CODE_DOWN:
		choice_select(&c->lines, c->lines.at + 1);
		return true;
	case KEY_CODE_PGUP:
		choice_select(&c->lines, c->lines.at - page);
		return true;
	case KEY_CODE_PGDN:
		choice_select(&c->lines, c->lines.at + page);
		return true;
	case KEY_CODE_HOME:
		choice_select(&c->lines, 0);
		return true;
	case KEY_CODE_END:
		choice_select(&c->lines, (int)c->lines.shown - 1);
		return true;
	default:
		return false;
	}
}

/* While text is typed, only keys that are not characters may be bound to something else. */
static uint32_t translate(const struct chooser *c, uint32_t key)
{
	const char *commands;

	return c->typing && key < KEY_CODE_UP ? key : keymap_translate(c->keys, key, &commands);
}

static void search_or_sort(struct chooser *c, uint32_t key)
{
	if (key == '/')
		c->typing = true;
	else if (key == 'o' || key == KEY_CODE_RIGHT)
		choice_sort(&c->lines, (int)c->lines.sort + 1);
	else if (key == KEY_CODE_LEFT)
		choice_sort(&c->lines, (int)c->lines.sort + CHOICE_SORTS - 1);
}

enum chooser_result chooser_key(struct chooser *c, uint32_t pressed)
{
	bool help = c->help;
	uint32_t key = translate(c, pressed);

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
	if (key == KEY_ESCAPE && !c->typing && !c->lines.search_len)
		return CHOOSER_QUIT;
	if (key == KEY_ESCAPE || (key == KEY_CODE_BACKSPACE && c->typing && !c->lines.search_len))
		stop_search(c);
	else if (c->typing && line_edit(c->lines.search, sizeof c->lines.search, &c->lines.search_len, key))
		choice_search(&c->lines);
	else if (!c->typing && key == 'q')
		return CHOOSER_QUIT;
	else if (!c->typing)
		search_or_sort(c, key);
	return CHOOSER_STAY;
}

static int column_at(int column)
{
	int i;

	for (i = CHOICE_SORTS - 1; i >= 0; i--)
		if (column >= columns_of[i].left)
			return i;
	return -1;
}

enum chooser_result chooser_mouse(struct chooser *c, const struct mouse *mouse)
{
	struct choice *lines = &c->lines;
	int line = lines->top + mouse->row - CHOOSER_FIRST_ROW, sort = column_at(mouse->column);

	c->message[0] = '\0';
	c->help = false;
	if (mouse->what == KEY_MOUSE_WHEEL_UP || mouse->what == KEY_MOUSE_WHEEL_DOWN) {
		choice_select(lines, lines->at + (mouse->what == KEY_MOUSE_WHEEL_UP ? -3 : 3));
	} else if (mouse->row == CHOOSER_FIRST_ROW - 1) {
		if (sort >= 0)
			choice_sort(lines, sort);
	} else if (line >= lines->top && line < (int)lines->shown &&
		   mouse->row < CHOOSER_FIRST_ROW + lines->rows) {
		choice_select(lines, line);
		if (mouse->what == KEY_MOUSE_DOUBLE)
			return choose(c);
	}
	return CHOOSER_STAY;
}

/* The picture */

static void put(struct area a, int row, enum choice_sort part, struct pen pen, const char *text)
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
	size_t processes = c->lines.shown;

	if (processes && !c->lines.lines[0].info)
		processes--;
	snprintf(count, sizeof count, ngettext("%zu process", "%zu processes", processes), processes);
	if (a.columns > 60)
		area_text_right(a, 0, a.columns - 1, PEN_ON(INK_DIM, PAPER_BAR), count);
}

static void draw_names(struct area a, const struct chooser *c)
{
	for (int i = 0; i < CHOICE_SORTS; i++) {
		bool sorted = (int)c->lines.sort == i;
		struct pen pen = PEN(sorted ? INK_STRONG : INK_DIM);

		pen.style = sorted ? STYLE_BOLD | STYLE_UNDERLINE : 0;
		put(a, CHOOSER_FIRST_ROW - 1, (enum choice_sort)i, pen, _(columns_of[i].name));
	}
}

/* "+1.2M"; nothing where it is as large as it was. */
static void growth_text(char text[static 20], int64_t growth)
{
	char size[16];

	text[0] = '\0';
	if (growth)
		snprintf(text, 20, "%c%s", growth > 0 ? '+' : '-',
			 text_size(size, (uint64_t)(growth > 0 ? growth : -growth)));
}

static void draw_process(struct area a, int row, const struct choice_line *line, uint8_t paper)
{
	const struct process_info *p = line->info;
	struct pen text = PEN_ON(p->refused ? INK_DIM : INK_TEXT, paper);
	struct pen strong = PEN_ON(p->refused ? INK_DIM : INK_STRONG, paper);
	char buf[20];

	snprintf(buf, sizeof buf, "%" PRId32, p->pid);
	put(a, row, CHOICE_BY_PID, text, buf);
	put(a, row, CHOICE_BY_USER, text, p->user);
	put(a, row, CHOICE_BY_RESIDENT, strong, text_size(buf, p->resident));
	growth_text(buf, line->growth);
	put(a, row, CHOICE_BY_GROWTH, PEN_ON(line->growth > 0 ? INK_WARN : INK_TEXT, paper), buf);
	put(a, row, CHOICE_BY_VIRTUAL, text, text_size(buf, p->virtual_size));
	put(a, row, CHOICE_BY_WATCH, PEN_ON(p->refused ? INK_BAD : INK_GOOD, paper),
	    p->refused ? _("no") : _("yes"));
	put(a, row, CHOICE_BY_COMMAND, strong, p->command);
}

static void draw_demo(struct area a, int row, uint8_t paper)
{
	put(a, row, CHOICE_BY_PID, PEN_ON(INK_ACCENT, paper), _("demo"));
	put(a, row, CHOICE_BY_WATCH, PEN_ON(INK_GOOD, paper), _("yes"));
	put(a, row, CHOICE_BY_COMMAND, PEN_ON(INK_TEXT, paper), _("a program made to be watched"));
}

static void draw_line(struct area a, int row, const struct chooser *c, int number)
{
	const struct choice_line *line = &c->lines.lines[number];
	uint8_t paper = number == c->lines.at ? PAPER_SELECTED : PAPER_PLAIN;

	area_fill(area_part(a, row, 0, 1, a.columns), PEN_ON(INK_TEXT, paper));
	if (line->info)
		draw_process(a, row, line, paper);
	else
		draw_demo(a, row, paper);
}

/* The label of the first key of a command; "" if it has none. */
static const char *key_of(const struct chooser *c, const char *name, char label[static 16])
{
	const struct command *command = commands_by_name(name);
	uint32_t key = command ? keymap_key(c->keys, name, command->keys, 4, 0) : 0;

	return key ? key_label(label, key) : "";
}

static const struct {
	const char *command, *word, *help;
} helps[] = {
	{ "up", NULL, N_("select a line; also down, pgup, pgdn, home, end") },
	{ "help", N_("help"), N_("this help") },
	{ "enter", N_("watch"), N_("watch the selected process; also a double click") },
	{ "search", N_("search"), N_("search in commands, users and pids") },
	{ "sort", N_("sort"), N_("sort by the next column; also left, right") },
	{ "escape", N_("quit"), N_("close help, end the search, or quit") },
	{ "quit", NULL, N_("quit") },
};

static void draw_keys(struct area a, const struct chooser *c)
{
	struct strbuf keys = { 0 };

	for (size_t i = 0; i < sizeof helps / sizeof *helps; i++) {
		char label[16];
		const char *key = key_of(c, helps[i].command, label);

		if (helps[i].word && *key)
			strbuf_printf(&keys, "%s%s %s", keys.len ? "  " : "", key, _(helps[i].word));
	}
	if (keys.len)
		panel_keys(a, keys.text);
	strbuf_fini(&keys);
}

static void draw_search(struct canvas *canvas, struct area a, const struct chooser *c)
{
	int column;

	area_text(a, 0, 1, PEN_ON(INK_ACCENT, PAPER_BAR), "/");
	column =
	    area_fit(a, 0, 2, a.columns - 4, PEN_ON(INK_STRONG, PAPER_BAR), c->lines.search, TEXT_CUT_LEFT);
	if (c->typing) {
		canvas->cursor_row = a.row;
		canvas->cursor_column = a.column + column;
	}
}

/* Shows why the selected process cannot be watched as soon as it is selected. */
static void draw_footer(struct canvas *canvas, struct area all, const struct chooser *c)
{
	struct area a = area_part(all, all.rows - 1, 0, 1, all.columns);
	const struct choice_line *line = choice_selected(&c->lines);
	char text[256];

	area_fill(a, PEN_ON(INK_TEXT, PAPER_BAR));
	if (c->message[0]) {
		area_fit(a, 0, 1, a.columns - 2, PEN_ON(INK_WARN, PAPER_BAR), c->message, TEXT_CUT_RIGHT);
	} else if (c->typing || c->lines.search_len) {
		draw_search(canvas, a, c);
	} else if (line && line->info && line->info->refused) {
		say_refused(line->info, text, sizeof text);
		area_fit(a, 0, 1, a.columns - 2, PEN_ON(INK_WARN, PAPER_BAR), text, TEXT_CUT_RIGHT);
	} else {
		draw_keys(a, c);
	}
}

#define HELPS ((int)(sizeof helps / sizeof *helps))
#define HELP_KEYS 10 /* columns */

static void draw_help(struct area all, const struct chooser *c)
{
	struct pen key = PEN_ON(INK_STRONG, PAPER_POPUP), text = PEN_ON(INK_TEXT, PAPER_POPUP);
	struct area a = popup_open(all, HELPS, 60, _("Help"), NULL);

	key.style = STYLE_BOLD;
	for (int i = 0; i < HELPS && i < a.rows; i++) {
		char label[16];

		area_fit(a, i, 1, HELP_KEYS - 1, key, key_of(c, helps[i].command, label), TEXT_CUT_RIGHT);
		area_fit(a, i, 1 + HELP_KEYS, a.columns - HELP_KEYS - 1, text, _(helps[i].help),
			 TEXT_CUT_RIGHT);
	}
}

void chooser_draw(struct canvas *canvas, struct chooser *c)
{
	struct area a = area_all(canvas);
	struct choice *lines = &c->lines;

	lines->rows = a.rows > CHOOSER_FIRST_ROW + 1 ? a.rows - CHOOSER_FIRST_ROW - 1 : 1;
	choice_show(lines);
	area_fill(a, PEN(INK_TEXT));
	draw_title(a, c);
	draw_names(a, c);
	for (int line = lines->top; line < (int)lines->shown && line < lines->top + lines->rows; line++)
		draw_line(a, CHOOSER_FIRST_ROW + line - lines->top, c, line);
	if (!lines->shown)
		area_fit(a, CHOOSER_FIRST_ROW, 1, a.columns - 2, PEN(INK_DIM), _("nothing matches"),
			 TEXT_CUT_RIGHT);
	draw_footer(canvas, a, c);
	if (c->help)
		draw_help(a, c);
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

			choice_update(&chooser->lines, infos, count);
			read_ns = clock_now_ns();
		}
		show(terminal, &canvas, chooser);
		wait_until(terminal, read_ns + REFRESH_NS);
		result = take_keys(terminal, chooser);
	}
	canvas_fini(&canvas);
	return result;
}

int chooser_run(const struct terminal_options *options, const struct keymap *keys, chooser_list_fn list,
		void *context, int32_t *pid, struct err *err)
{
	struct terminal *terminal = terminal_open(options, err);
	struct chooser chooser;
	enum chooser_result result;
	int number;

	if (!terminal)
		return -1;
	chooser_init(&chooser, keys);
	result = choose_one(terminal, &chooser, list, context);
	*pid = chooser.lines.selected;
	chooser_fini(&chooser);
	number = terminal_signal(terminal);
	terminal_close(terminal);
	if (number) /* nothing is watched yet that would have to be released first */
		raise(number);
	return result == CHOOSER_QUIT;
}
