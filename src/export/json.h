/* JSON as every writer here prints it. Text from outside may hold any bytes; what is printed is valid UTF-8
 * without control characters, and without characters that change the direction of writing, so that it is safe
 * to show on a terminal. */
#ifndef EXPORT_JSON_H
#define EXPORT_JSON_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

#include "base/strbuf.h"

/* New values. Text: bytes that are not UTF-8 become U+FFFD. */
json_t *json_from_text(const char *bytes);
json_t *json_from_bytes(const char *bytes, size_t len); /* zero bytes are kept */
json_t *json_from_address(uint64_t);                    /* "0x7f12" */
json_t *json_from_count(uint64_t);

/* Prints a value, or appends it to a string, and releases it. Flags are those of json_dumps; without
 * JSON_REAL_PRECISION it is 15: nanoseconds for eleven days. */
void json_print(FILE *, json_t *, size_t flags);
void json_append(struct strbuf *, json_t *, size_t flags);
/* Appends a string in its quotes, as json_from_text would have it. */
void json_append_text(struct strbuf *, const char *bytes);

#endif
