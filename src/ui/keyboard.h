/* Keys and the mouse, as curses reads them from the terminal, in our words. */
#ifndef UI_KEYBOARD_H
#define UI_KEYBOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/key.h"

/* All zero to begin with. */
struct keyboard {
	struct mouse mouse; /* its last press */
	bool has_mouse;     /* and nobody has asked for it yet */
	uint64_t press_ns;  /* of a press that another may make a double click; 0: none */
};

/* Once curses has the terminal: cursor keys are known in either of their modes. */
void keyboard_open(void);
/* The next key that was typed, KEY_NONE_YET where there is none. Never waits. */
uint32_t keyboard_key(struct keyboard *);
/* What the last KEY_CODE_MOUSE was; false where it was asked for already. */
bool keyboard_mouse(struct keyboard *, struct mouse *);

#endif
