/* Taking a terminal and giving it back in order: curses' modes, the mouse, signals.
 *
 * A painter shows pictures on it, a keyboard reads keys; rescue.c gives the terminal back in
 * an emergency. */
#include "ui/terminal.h"

#include <curses.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/language.h"
#include "base/mem.h"
#include "ui/keyboard.h"
#include "ui/painter.h"
#include "ui/rescue.h"
#include "ui/signals.h"
#include "ui/terminfo.h"

struct terminal {
	SCREEN *screen;
	struct painter *painter;
	struct keyboard keyboard;
	bool ascii;
	bool mouse; /* it is on */
	int rows, columns;
	int signal; /* the signal that asked us to end */
	bool gone;
};

static bool want_colour(const struct terminal_options *options)
{
	const char *no = getenv("NO_COLOR");

	return !options->no_colour && !(no && *no);
}

static bool start_mouse(const struct terminal_options *options)
{
	if (options->no_mouse)
		return false;
	mouseinterval(0); /* otherwise curses delays every click to see whether it becomes two */
	return mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL) != 0;
}

/* Sets *colour and *mouse to what is available. */
static void start_modes(const struct terminal_options *options, bool *colour, bool *mouse)
{
	raw(); /* Ctrl-C and Ctrl-Z are keys like others */
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	keypad(stdscr, TRUE);
	keyboard_open();
	nodelay(stdscr, TRUE);
	typeahead(-1);
	set_escdelay(25);
	leaveok(stdscr, TRUE);
	idcok(stdscr, FALSE); /* shifting characters saves little, and not every terminal does it right */
	curs_set(0);
	*colour = want_colour(options) && has_colors() && start_color() == OK;
	if (*colour)
		use_default_colors();
	*mouse = start_mouse(options);
	rescue_arm(*mouse);
	/* until endwin was called once, curses flushes at each movement of the cursor: a picture would arrive
	 * in a hundred pieces */
	endwin();
	refresh();
}

struct terminal *terminal_open(const struct terminal_options *options, struct err *err)
{
	struct terminal *t;
	bool colour;

	if (terminfo_check(err) < 0)
		return NULL;
	/* before curses, which handles some of them if nobody else does */
	if (signals_open(rescue_now, err) < 0)
		return NULL;
	rescue_save();
	t = mem_zalloc(sizeof *t);
	t->screen = newterm(NULL, stdout, stdin);
	if (!t->screen) {
		err_set(err, ERR_UNSUPPORTED,
			_("the terminal cannot be used: set TERM, or use pagescape snapshot"));
		signals_close();
		free(t);
		return NULL;
	}
	t->ascii = options->ascii || !language_is_utf8();
	start_modes(options, &colour, &t->mouse);
	t->painter = painter_create(options->theme, colour, t->ascii);
	getmaxyx(stdscr, t->rows, t->columns);
	return t;
}

void terminal_close(struct terminal *t)
{
	if (!t)
		return;
	mousemask(0, NULL);
	endwin();
	rescue_disarm();
	signals_close();
	delscreen(t->screen);
	painter_destroy(t->painter);
	free(t);
}

size_t terminal_poll_fds(const struct terminal *t, struct pollfd fds[static TERMINAL_FDS])
{
	fds[0] = (struct pollfd){ .fd = STDIN_FILENO, .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = signals_fd(), .events = POLLIN };
	return TERMINAL_FDS;
}

void terminal_fit(const struct terminal *t, struct canvas *canvas)
{
	if (canvas->rows != t->rows || canvas->columns != t->columns) {
		canvas_fini(canvas);
		canvas_init(canvas, t->rows, t->columns, t->ascii);
	}
	canvas->mono = painter_mono(t->painter);
}

void terminal_set_theme(struct terminal *t, const struct theme *theme)
{
	painter_set_theme(t->painter, theme);
}

void terminal_repaint(struct terminal *t)
{
	painter_repaint(t->painter);
}

void terminal_show(struct terminal *t, const struct canvas *canvas)
{
	painter_show(t->painter, canvas);
}

int terminal_signal(const struct terminal *t)
{
	return t->signal;
}

/* The window's size as it is now. */
static void resize(struct terminal *t)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
		resizeterm(size.ws_row, size.ws_col);
	getmaxyx(stdscr, t->rows, t->columns);
	painter_repaint(t->painter);
}

void terminal_suspend(struct terminal *t)
{
	endwin();
	rescue_disarm();
	signals_stop_job();
	rescue_arm(t->mouse);
	resize(t);
}

/* A terminal that went away reads as an end of file, again and again. */
static bool hung_up(void)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&fd, 1, 0) > 0 && (fd.revents & (POLLHUP | POLLERR | POLLNVAL));
}

static uint32_t take_signal(struct terminal *t, int number)
{
	switch (number) {
	case SIGTSTP:
		terminal_suspend(t);
		return KEY_CODE_RESIZE;
	case SIGCONT: /* others may have used the terminal and changed its modes */
		if (!isendwin())
			endwin();
		resize(t);
		return KEY_CODE_RESIZE;
	case SIGWINCH:
		resize(t);
		return KEY_CODE_RESIZE;
	default:
		t->signal = number;
		t->gone = true;
		return KEY_CODE_CLOSED;
	}
}

uint32_t terminal_key(struct terminal *t)
{
	int number = signals_take();
	uint32_t key;

	if (number)
		return take_signal(t, number);
	if (t->gone)
		return KEY_CODE_CLOSED;
	key = keyboard_key(&t->keyboard);
	if (key != KEY_NONE_YET)
		return key;
	t->gone = hung_up();
	return t->gone ? KEY_CODE_CLOSED : KEY_NONE_YET;
}

bool terminal_mouse(struct terminal *t, struct mouse *mouse)
{
	return keyboard_mouse(&t->keyboard, mouse);
}
