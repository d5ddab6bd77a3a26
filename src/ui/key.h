/* Input at a terminal in our own encoding: keys and mouse presses. */
#ifndef UI_KEY_H
#define UI_KEY_H

#include <stdint.h>

/* A key is a code point (Enter is '\n', Ctrl-A is 1), or one of these. */
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
	KEY_CODE_RESIZE, /* the screen may have another size: draw */
	KEY_CODE_CLOSED, /* the terminal has gone away, or a signal asks us to end */
};
#define KEY_CTRL(letter) ((uint32_t)(letter)&0x1f)
#define KEY_ESCAPE 27u

/* "F1", "space", "^C", "+": the label of a key, translated, in buf. */
const char *key_label(char buf[static 16], uint32_t key);

/* The key that a label stands for, untranslated as in a file of settings; 0: none. */
uint32_t key_parse(const char *label);

/* Row and column count from 0 at the top left of the screen. */
struct mouse {
	int row, column;
	enum { KEY_MOUSE_PRESS, KEY_MOUSE_DOUBLE, KEY_MOUSE_WHEEL_UP, KEY_MOUSE_WHEEL_DOWN } what;
};

#endif
