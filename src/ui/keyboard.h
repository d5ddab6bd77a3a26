/* Translates keys and the mouse from curses into our own encoding (ui/key.h). */
#ifndef UI_KEYBOARD_H
#define UI_KEYBOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/key.h"

/* All zero to begin with. */
struct keyboard {
	struct mouse mouse; /* its last press */
	bool has_mouse;     /* and it was not taken yet */
	uint64_t press_ns;  /* when the last press was that could become a double click; 0: none */
};

/* Once curses has the terminal: cursor keys are known in either of their modes. */
void keyboard_open(void);
/* The next key that was typed, KEY_NONE_YET if there is none. Never waits. */
uint32_t keyboard_key(struct keyboard *);
/* What the last KEY_CODE_MOUSE was; false if it was already taken. */
bool keyboard_mouse(struct keyboard *, struct mouse *);

#endif
