/* Rows of comma-separated values as RFC 4180 has them, but that lines end in a newline alone. */
#ifndef EXPORT_CSV_ROW_H
#define EXPORT_CSV_ROW_H

#include <stdint.h>
#include <stdio.h>

#include "base/strbuf.h"

/* Each appends one field. What is not known is an empty field. */
void csv_text(struct strbuf *row, const char *bytes); /* any bytes, made printable */
void csv_count(struct strbuf *row, uint64_t);
void csv_address(struct strbuf *row, uint64_t); /* 0x7f12 */
void csv_time(struct strbuf *row, uint64_t ns); /* seconds */
void csv_empty(struct strbuf *row);
/* Prints the row and empties it. */
void csv_end(struct strbuf *row, FILE *);

#endif
