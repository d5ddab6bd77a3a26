/* The terminal: the only user of curses. Puts a canvas on the screen, reads keys and
 * the mouse, and gives the terminal back as it was on every way out.
 *
 * While it is open it takes SIGWINCH, SIGTSTP and SIGCONT (they arrive as a
 * resize), and SIGTERM, SIGHUP and SIGINT (they arrive as a closed terminal, so
 * that the caller ends in order). A crash gives the terminal back, then crashes. */
#ifndef UI_TERMINAL_H
#define UI_TERMINAL_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "render/canvas.h"
#include "render/theme.h"

struct terminal;

struct terminal_options {
	const struct theme *theme;
	bool ascii;     /* ASCII only */
	bool no_colour; /* NO_COLOR, --theme mono */
	bool no_mouse;
};

/* ERR_UNSUPPORTED: no terminal, TERM unknown or dumb; the text says what to do. */
struct terminal *terminal_open(const struct terminal_options *, struct err *);
/* Gives the terminal back; NULL is fine. */
void terminal_close(struct terminal *);
/* From a signal handler or an emergency: only what is needed to make the terminal
 * usable, async-signal-safe. Needs no argument: there is one terminal. */
void terminal_rescue(void);

/* What to wait for before terminal_key has something to say. Returns how many. */
#define TERMINAL_FDS 2
size_t terminal_poll_fds(const struct terminal *, struct pollfd fds[static TERMINAL_FDS]);
/* Makes the canvas as large as the screen, and tells it what the terminal can show. */
void terminal_fit(const struct terminal *, struct canvas *);
/* The colours that TERM has, without opening it; 0: none, or TERM is not known. */
int terminal_colours(void);
void terminal_set_theme(struct terminal *, const struct theme *);

/* Puts on the terminal what differs from the last picture; nothing where nothing does. */
void terminal_show(struct terminal *, const struct canvas *);
/* The next picture is painted whole, whatever the terminal holds. */
void terminal_repaint(struct terminal *);
/* Gives the terminal back and stops, as Ctrl-Z asks; returns when continued. */
void terminal_suspend(struct terminal *);

/* Keys: a code point (Enter is '\n', Ctrl-A is 1), or one of these. */
enum key {
	KEY_NONE_YET = 0,
	KEY_CODE_UP = 0x110000,
	KEY_CODE_DOWN,
	KEY_CODE_LEFT,
	KEY_CODE_RIGHT,
	KEY_CODE_SHIFT_LEFT,
	KEY_CODE_SHIFT_RIGHT,
	KEY_CODE_PGUP,
	KEY_CODE_PGDN,
	KEY_CODE_HOME,
	KEY_CODE_END,
	KEY_CODE_TAB_BACK,
	KEY_CODE_BACKSPACE,
	KEY_CODE_DELETE,
	KEY_CODE_F1,
	KEY_CODE_F12 = KEY_CODE_F1 + 11,
	KEY_CODE_MOUSE,  /* see terminal_mouse */
	KEY_CODE_RESIZE, /* the size may be another; draw */
	KEY_CODE_CLOSED, /* the terminal has gone away, or a signal asks to end */
};
#define KEY_CTRL(letter) ((uint32_t)(letter)&0x1f)
#define KEY_ESCAPE 27u
/* The next key that has been typed, KEY_NONE_YET where there is none. Never waits. */
uint32_t terminal_key(struct terminal *);
/* The signal behind KEY_CODE_CLOSED; 0: the terminal went away. */
int terminal_signal(const struct terminal *);

struct mouse {
	int row, column;
	enum { MOUSE_PRESS, MOUSE_DOUBLE, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN } what;
};
/* Where the last KEY_CODE_MOUSE was. */
bool terminal_mouse(struct terminal *, struct mouse *);

#endif
