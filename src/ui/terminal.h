/* The terminal: the only user of curses. Puts a canvas on the screen, reads keys and
 * the mouse, and gives the terminal back as it was on every way out. */
#ifndef UI_TERMINAL_H
#define UI_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "render/canvas.h"
#include "render/theme.h"

struct terminal;

struct terminal_options {
	const struct theme *theme;
	bool ascii;      /* ASCII only */
	bool no_colour;  /* NO_COLOR, --theme mono */
	bool no_mouse;
};

/* ERR_UNSUPPORTED: no terminal, TERM unknown or dumb; the text says what to do. */
struct terminal *terminal_open(const struct terminal_options *, struct err *);
/* Gives the terminal back. Safe to call twice. */
void terminal_close(struct terminal *);
/* From a signal handler or an emergency: only what is needed to make the terminal
 * usable, async-signal-safe. Needs no argument: there is one terminal. */
void terminal_rescue(void);

int terminal_fd(const struct terminal *);
void terminal_size(const struct terminal *, int *rows, int *columns);
bool terminal_ascii(const struct terminal *);
void terminal_set_theme(struct terminal *, const struct theme *);

/* Puts on the terminal what differs from the last picture; nothing where nothing does. */
void terminal_show(struct terminal *, const struct canvas *);

/* Keys: a code point, or one of these. */
enum key {
	KEY_NONE_YET = 0,
	KEY_CODE_UP = 0x110000, KEY_CODE_DOWN, KEY_CODE_LEFT, KEY_CODE_RIGHT,
	KEY_CODE_PGUP, KEY_CODE_PGDN, KEY_CODE_HOME, KEY_CODE_END,
	KEY_CODE_TAB_BACK, KEY_CODE_BACKSPACE, KEY_CODE_DELETE,
	KEY_CODE_F1, KEY_CODE_F12 = KEY_CODE_F1 + 11,
	KEY_CODE_MOUSE,  /* see terminal_mouse */
	KEY_CODE_RESIZE,
	KEY_CODE_CLOSED, /* the terminal has gone away */
};
/* The next key that has been typed, KEY_NONE_YET where there is none. Never waits. */
uint32_t terminal_key(struct terminal *);

struct mouse {
	int row, column;
	enum { MOUSE_PRESS, MOUSE_DOUBLE, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN } what;
};
bool terminal_mouse(struct terminal *, struct mouse *);

#endif
