/* What a key or the mouse does, by what is on the screen: a prompt, a window, a panel. */
#ifndef UI_INPUT_H
#define UI_INPUT_H

#include "ui/key.h"
#include "ui/state.h"

/* The user's own keys, which must live as long; the tabs show theirs. NULL: none. */
void input_bind(struct ui *, const struct keymap *);

/* A key (ui/key.h) was pressed, or the mouse used. */
void input_key(struct ui *, uint32_t key);
void input_mouse(struct ui *, const struct mouse *);

#endif
