/* Editing a line of text. */
#ifndef UI_LINE_EDIT_H
#define UI_LINE_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Takes a key: what was typed is added, Backspace takes a character, Ctrl-W a word, Ctrl-U all.
 * The text is UTF-8 and ends with NUL; `size` is that of its buffer, *len its length. Returns whether
 * it changed. */
bool line_edit(char *text, size_t size, size_t *len, uint32_t key);

#endif
