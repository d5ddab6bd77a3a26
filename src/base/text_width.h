/* How wide characters are on a terminal. */
#ifndef BASE_TEXT_WIDTH_H
#define BASE_TEXT_WIDTH_H

#include <stdint.h>

/* Columns that a character takes: 0, 1 or 2. */
int text_char_columns(uint32_t codepoint);

#endif
