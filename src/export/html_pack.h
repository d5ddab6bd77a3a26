/* Data for the page: a head of JSON and columns of numbers, compressed and written as text.
 *
 *   length of the head, 4 bytes, little-endian | the head | the columns, one after the other
 *
 * all of it as a gzip member, and that in base64 (RFC 4648). A column is numbers in LEB128: seven bits a
 * byte, the low ones first, the top bit set where more follow; a signed one is zigzag-encoded first (0, -1,
 * 1, -2: 0, 1, 2, 3). */
#ifndef EXPORT_HTML_PACK_H
#define EXPORT_HTML_PACK_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/strbuf.h"

struct pack {
	json_t *columns; /* {"name": [offset, bytes, numbers]} */
	struct strbuf bytes;
	const char *name; /* of the column that is being written */
	size_t from, numbers;
};

/* An empty pack. */
void pack_init(struct pack *);
void pack_fini(struct pack *);
/* Begins a column: numbers go to it from now on. */
void pack_begin(struct pack *, const char *name);
void pack_number(struct pack *, uint64_t);
void pack_signed(struct pack *, int64_t);
/* Writes everything. Adds the member "columns" to the head, and releases it. Returns 0, or -1 with err. */
int pack_write(struct pack *, json_t *head, FILE *, struct err *);

#endif
