/* Maps curses' keys to ours. Two presses of the mouse at one place, one soon after the other, are a double
 * click. */
#include "ui/keyboard.h"

#include <curses.h>
#include <stdlib.h>

#include "base/clock.h"

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

/* Cursor keys as they come while the terminal is not, or not yet, in the mode that terminfo describes: else
 * the first byte of one would be Escape. */
static const struct {
	const char *bytes;
	int curses;
} plain[] = {
	{ "\033[A", KEY_UP },   { "\033[B", KEY_DOWN }, { "\033[C", KEY_RIGHT }, { "\033[D", KEY_LEFT },
	{ "\033OA", KEY_UP },   { "\033OB", KEY_DOWN }, { "\033OC", KEY_RIGHT }, { "\033OD", KEY_LEFT },
	{ "\033[H", KEY_HOME }, { "\033[F", KEY_END },  { "\033OH", KEY_HOME },  { "\033OF", KEY_END },
};

void keyboard_open(void)
{
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		if (!key_defined(plain[i].bytes))
			define_key(plain[i].bytes, plain[i].curses);
}

static void note_press(struct keyboard *k, int row, int column)
{
	uint64_t now = clock_now_ns();
	bool again = k->press_ns && now - k->press_ns < DOUBLE_CLICK_NS && k->mouse.row == row &&
		     k->mouse.column == column;

	k->mouse = (struct mouse){ row, column, again ? KEY_MOUSE_DOUBLE : KEY_MOUSE_PRESS };
	k->press_ns = again ? 0 : now;
}

static uint32_t take_mouse(struct keyboard *k)
{
	MEVENT event;

	if (getmouse(&event) != OK)
		return KEY_NONE_YET;
	if (event.bstate & BUTTON4_PRESSED)
		k->mouse = (struct mouse){ event.y, event.x, KEY_MOUSE_WHEEL_UP };
	else if (event.bstate & BUTTON5_PRESSED)
		k->mouse = (struct mouse){ event.y, event.x, KEY_MOUSE_WHEEL_DOWN };
	else if (event.bstate & BUTTON1_PRESSED)
		note_press(k, event.y, event.x);
	else
		return KEY_NONE_YET;
	k->has_mouse = true;
	return KEY_CODE_MOUSE;
}

bool keyboard_mouse(struct keyboard *k, struct mouse *mouse)
{
	bool has = k->has_mouse;

	*mouse = k->mouse;
	k->has_mouse = false;
	return has;
}

static uint32_t translate_code(struct keyboard *k, wint_t code)
{
	size_t i;

	if (code == KEY_MOUSE)
		return take_mouse(k);
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

uint32_t keyboard_key(struct keyboard *k)
{
	uint32_t key;
	wint_t ch;
	int got;

	while ((got = get_wch(&ch)) != ERR) {
		key = got == KEY_CODE_YES ? translate_code(k, ch) : translate_char(ch);
		if (key != KEY_NONE_YET)
			return key;
	}
	return KEY_NONE_YET;
}
