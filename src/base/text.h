/* Text for people: made harmless, measured in columns, cut to fit; sizes, counts and times.
 *
 * All text from outside (paths, arguments, program output) passes through text_printable before it reaches a
 * terminal: control characters (C0, DEL, C1) become escapes (\xNN, or \n and \t), bytes that are not
 * UTF-8 become U+FFFD, and bidirectional overrides become escapes such as \u202e. The result has no control
 * characters. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

/* Appends the printable form of `len` bytes to out. */
void text_printable(struct strbuf *out, const char *bytes, size_t len);
/* As text_printable, a new string that the caller frees. */
char *text_printable_dup(const char *bytes, size_t len);

/* The printable form of a text for a screen. If it is longer than any screen is wide, only its beginning and
 * end are kept, with an ellipsis between, so that drawing costs no more than what is visible. */
void text_shown(struct strbuf *out, const char *text);
/* As text_shown, a new string that the caller frees. */
char *text_shown_dup(const char *text);
#define TEXT_SHOWN_END 2048 /* bytes of either: a path that may be opened is whole */

/* Valid UTF-8 for JSON, a new string that the caller frees: bad bytes become U+FFFD, nothing else
 * changes. */
char *text_utf8_dup(const char *bytes, size_t len);

/* Does the text begin with this? Every text begins with "" and with itself. */
bool text_begins(const char *text, const char *with);
/* Does it end with this, after at least one other character? So no text ends with itself. */
bool text_ends(const char *text, const char *with);

/* Decodes one character; returns its bytes (at least 1; bad input gives U+FFFD and 1). */
size_t text_decode(const char *text, size_t len, uint32_t *codepoint);
/* Encodes one, with a terminating 0; returns its bytes. */
size_t text_encode(char out[static 5], uint32_t codepoint);
/* Is it a control character (C0, DEL, C1), a line separator, or one that changes the direction of writing? */
bool text_char_is_control(uint32_t codepoint);
/* Columns that a text takes on a terminal. */
int text_columns(const char *text);
/* The columns of the widest of `count` texts. */
int text_widest(int count, const char *(*text)(int i));

enum text_cut { TEXT_CUT_RIGHT, TEXT_CUT_LEFT, TEXT_CUT_MIDDLE };
/* Appends `text` cut to at most `columns`, an ellipsis ("…", or "~" with ascii) if something was cut. Returns
 * the columns used. */
int text_fit(struct strbuf *out, const char *text, int columns, enum text_cut cut, int ascii);

/* Appends `text`, with blanks after it (left) or before it (right) if it takes less than `columns`. printf's
 * widths count bytes, so they are only for figures and names in ASCII. */
void text_left(struct strbuf *out, const char *text, int columns);
void text_right(struct strbuf *out, const char *text, int columns);

/* Appends words as lines of at most `columns`, unless a single word is longer. The first line begins where
 * `column` says, the others after `indent` blanks; the last one has no newline. */
void text_wrap(struct strbuf *out, const char *words, int indent, int column, int columns);

/* "0", "512", "132K", "8.0M", "13.2T": at most 5 characters, powers of 1024. What would take four digits is
 * shown in the next unit: 1023 KiB is "1.0M". */
const char *text_size(char buf[static 16], uint64_t bytes);
/* "812", "9999", "12.3k", "4.0M": a count in at most 5 characters, powers of 1000. */
const char *text_count(char buf[static 16], uint64_t count);
/* "00:12.4", "1:02:03.4": time since the watch began, from nanoseconds. */
const char *text_clock(char buf[static 24], uint64_t ns);
/* "00:12.413": to the millisecond */
const char *text_clock_ms(char buf[static 24], uint64_t ns);

#endif
