/* What a key or the mouse does, by what is on the screen: a prompt, a window, a panel. */
#ifndef UI_INPUT_H
#define UI_INPUT_H

#include "ui/state.h"
#include "ui/terminal.h"

void input_key(struct ui *, uint32_t key);
void input_mouse(struct ui *, const struct mouse *);

/* A key for an open prompt (view.prompt): edits the line, Enter does what was asked for. */
void prompt_key(struct ui *, uint32_t key);

/* Edits a line of text: what was typed is added, Backspace takes a character, Ctrl-W a
 * word, Ctrl-U all. Returns whether it changed. */
bool line_edit(char *text, size_t size, size_t *len, uint32_t key);

#endif
