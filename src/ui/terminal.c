/* Taking a terminal and giving it back in order: curses' modes, colours, the mouse.
 * (Giving it back in an emergency: terminal_rescue.c.) */
#include "ui/terminal_private.h"

#include <errno.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/signals.h"

static bool want_colour(const struct terminal_options *options)
{
	const char *no = getenv("NO_COLOR");

	return !options->no_colour && !(no && *no);
}

static bool start_mouse(const struct terminal_options *options)
{
	if (options->no_mouse)
		return false;
	mouseinterval(0); /* or every click waits to see whether it becomes two */
	return mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL) != 0;
}

static void start_modes(struct terminal *t, const struct terminal_options *options)
{
	bool mouse;

	raw(); /* Ctrl-C and Ctrl-Z are keys like others */
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	typeahead(-1);
	set_escdelay(25);
	leaveok(stdscr, TRUE);
	idcok(stdscr, FALSE); /* shifting characters saves little, and not every terminal does it right */
	curs_set(0);
	t->colour = want_colour(options) && has_colors() && start_color() == OK;
	if (t->colour)
		use_default_colors();
	mouse = start_mouse(options);
	terminal_rescue_prepare(mouse);
	/* until it has come back once, curses writes out at each movement of the cursor: a
	 * picture would arrive in a hundred pieces */
	endwin();
	refresh();
}

struct terminal *terminal_open(const struct terminal_options *options, struct err *err)
{
	struct terminal *t;

	if (terminal_check(err) < 0)
		return NULL;
	terminal_rescue_save();
	t = mem_zalloc(sizeof *t);
	t->screen = newterm(NULL, stdout, stdin);
	if (!t->screen) {
		err_set(err, ERR_UNSUPPORTED,
			_("the terminal cannot be used: set TERM, or use pagescape snapshot"));
		free(t);
		return NULL;
	}
	t->ascii = options->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	start_modes(t, options);
	terminal_make_looks(t, options->theme);
	getmaxyx(stdscr, t->rows, t->columns);
	t->cursor_row = -1;
	t->repaint = true;
	if (signals_open(terminal_rescue) < 0) {
		err_system(err, errno, _("cannot wait for signals"));
		terminal_close(t);
		return NULL;
	}
	return t;
}

void terminal_close(struct terminal *t)
{
	if (!t)
		return;
	mousemask(0, NULL);
	endwin();
	terminal_rescue_done();
	signals_close();
	delscreen(t->screen);
	free(t->last);
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
	canvas->mono = t->mono;
}

int terminal_signal(const struct terminal *t)
{
	return t->signal;
}

void terminal_repaint(struct terminal *t)
{
	t->repaint = true;
}

void terminal_resize(struct terminal *t)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
		resizeterm(size.ws_row, size.ws_col);
	getmaxyx(stdscr, t->rows, t->columns);
	t->repaint = true;
}

void terminal_suspend(struct terminal *t)
{
	endwin();
	signals_stop_job();
	terminal_resize(t);
}
