/* A lesson's source as the audience reads it: lines with numbers, without marks. */
#ifndef LECTURE_SOURCE_LINES_H
#define LECTURE_SOURCE_LINES_H

#include <stddef.h>

#include "render/canvas.h"

#define SOURCE_LINES_NUMBER_COLUMNS 6 /* of a line's number, and the sign of the current one */

/* A line of `len` bytes without its mark, with tabs expanded; printable. The caller frees it. */
char *lecture_source_line(const char *line, size_t len);
unsigned lecture_source_lines(const char *text);
/* The first of `rows` lines, counted from 1, so that line `at` (0: none) is in their middle. */
unsigned lecture_source_top(const char *text, unsigned at, unsigned rows);
/* Draws as many lines as the area has room for, around line `near` (0: from the first on). Line `at` is
 * marked; 0: none is. */
void lecture_source_draw(struct area, const char *text, unsigned at, unsigned near);

#endif
