/* The terminal: shows a canvas, reads keys and the mouse, and restores the terminal on every way out.
 *
 * While it is open it takes SIGWINCH, SIGTSTP and SIGCONT (they arrive as a resize), and every signal that
 * would end us (it arrives as a closed terminal, so that the caller ends in order). A crash gives the
 * terminal back, then crashes: see ui/signals.h. */
#ifndef UI_TERMINAL_H
#define UI_TERMINAL_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "render/canvas.h"
#include "render/theme.h"
#include "ui/key.h"

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

#define TERMINAL_FDS 2
/* Fills fds with what to wait for before terminal_key has something to give. Returns how many. */
size_t terminal_poll_fds(const struct terminal *, struct pollfd fds[static TERMINAL_FDS]);
/* Gives the canvas the screen's size, and limits it to what the terminal can show. */
void terminal_fit(const struct terminal *, struct canvas *);
void terminal_set_theme(struct terminal *, const struct theme *);

/* Sends the terminal what differs from the last picture; nothing if nothing differs. */
void terminal_show(struct terminal *, const struct canvas *);
/* The next picture is painted whole, whatever the terminal holds. */
void terminal_repaint(struct terminal *);
/* Gives the terminal back and stops, as Ctrl-Z asks; returns when continued. */
void terminal_suspend(struct terminal *);

/* The next key that was typed, KEY_NONE_YET if there is none. Never waits. */
uint32_t terminal_key(struct terminal *);
/* The signal that caused KEY_CODE_CLOSED; 0: the terminal went away. */
int terminal_signal(const struct terminal *);

/* What the last KEY_CODE_MOUSE was; false if it was already taken. */
bool terminal_mouse(struct terminal *, struct mouse *);

#endif
