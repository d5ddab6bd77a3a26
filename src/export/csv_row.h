/* Builds a row of CSV (RFC 4180); lines end with a newline alone. */
#ifndef EXPORT_CSV_ROW_H
#define EXPORT_CSV_ROW_H

#include <stdint.h>
#include <stdio.h>

#include "base/strbuf.h"

/* Each puts a field into the row and a comma after it; the last comma becomes the newline. */
void csv_add_empty(struct strbuf *row);                 /* not known */
void csv_add_text(struct strbuf *row, const char *raw); /* made printable, and quoted if needed */
void csv_add_count(struct strbuf *row, uint64_t);
void csv_add_address(struct strbuf *row, uint64_t);
void csv_add_time(struct strbuf *row, uint64_t ns); /* seconds */
/* Writes the row, and empties it. */
void csv_end_row(struct strbuf *row, FILE *out);

#endif
