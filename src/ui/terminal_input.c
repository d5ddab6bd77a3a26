/* Keys and the mouse: what curses calls them, in our words. */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "ui/signals.h"
#include "ui/terminal_private.h"

#define DOUBLE_CLICK_NS (400 * CLOCK_MS)

static const struct {
	wint_t curses;
	uint32_t key;
} named[] = {
	{ KEY_UP, KEY_CODE_UP },
	{ KEY_DOWN, KEY_CODE_DOWN },
	{ KEY_LEFT, KEY_CODE_LEFT },
	{ KEY_RIGHT, KEY_CODE_RIGHT },
	{ KEY_SLEFT, KEY_CODE_SHIFT_LEFT },
	{ KEY_SRIGHT, KEY_CODE_SHIFT_RIGHT },
	{ KEY_PPAGE, KEY_CODE_PGUP },
	{ KEY_NPAGE, KEY_CODE_PGDN },
	{ KEY_HOME, KEY_CODE_HOME },
	{ KEY_END, KEY_CODE_END },
	{ KEY_BTAB, KEY_CODE_TAB_BACK },
	{ KEY_BACKSPACE, KEY_CODE_BACKSPACE },
	{ KEY_DC, KEY_CODE_DELETE },
	{ KEY_RESIZE, KEY_CODE_RESIZE },
	{ KEY_ENTER, '\n' },
};

static void note_press(struct terminal *t, int row, int column)
{
	uint64_t now = clock_now_ns();
	bool again = t->press_ns && now - t->press_ns < DOUBLE_CLICK_NS && t->mouse.row == row &&
		     t->mouse.column == column;

	t->mouse = (struct mouse){ row, column, again ? MOUSE_DOUBLE : MOUSE_PRESS };
	t->press_ns = again ? 0 : now;
}

static uint32_t take_mouse(struct terminal *t)
{
	MEVENT event;

	if (getmouse(&event) != OK)
		return KEY_NONE_YET;
	if (event.bstate & BUTTON4_PRESSED)
		t->mouse = (struct mouse){ event.y, event.x, MOUSE_WHEEL_UP };
	else if (event.bstate & BUTTON5_PRESSED)
		t->mouse = (struct mouse){ event.y, event.x, MOUSE_WHEEL_DOWN };
	else if (event.bstate & BUTTON1_PRESSED)
		note_press(t, event.y, event.x);
	else
		return KEY_NONE_YET;
	t->has_mouse = true;
	return KEY_CODE_MOUSE;
}

bool terminal_mouse(struct terminal *t, struct mouse *mouse)
{
	bool has = t->has_mouse;

	*mouse = t->mouse;
	t->has_mouse = false;
	return has;
}

static uint32_t translate_code(struct terminal *t, wint_t code)
{
	size_t i;

	if (code == KEY_MOUSE)
		return take_mouse(t);
	if (code >= KEY_F(1) && code <= KEY_F(12))
		return KEY_CODE_F1 + (code - KEY_F(1));
	for (i = 0; i < sizeof named / sizeof *named; i++)
		if (named[i].curses == code)
			return named[i].key;
	return KEY_NONE_YET;
}

static uint32_t translate_char(wint_t ch)
{
	switch (ch) {
	case '\r':
		return '\n';
	case 127:
	case 8:
		return KEY_CODE_BACKSPACE;
	default:
		return (uint32_t)ch;
	}
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
		terminal_resize(t);
		return KEY_CODE_RESIZE;
	case SIGWINCH:
		terminal_resize(t);
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
	wint_t ch;
	int got;

	if (number)
		return take_signal(t, number);
	if (t->gone)
		return KEY_CODE_CLOSED;
	while ((got = get_wch(&ch)) != ERR) {
		key = got == KEY_CODE_YES ? translate_code(t, ch) : translate_char(ch);
		if (key != KEY_NONE_YET)
			return key;
	}
	t->gone = hung_up();
	return t->gone ? KEY_CODE_CLOSED : KEY_NONE_YET;
}
