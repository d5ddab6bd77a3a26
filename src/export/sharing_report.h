/* Which processes share what (compare/sharing.h), as a table and as JSON. */
#ifndef EXPORT_SHARING_REPORT_H
#define EXPORT_SHARING_REPORT_H

#include <jansson.h>
#include <stdio.h>

#include "compare/sharing.h"

/* `err`: why pages are not identified by frame. Prints at most `rows` rows of shared objects; 0: all. */
void sharing_print(FILE *, const struct sharing *, const struct err *err, size_t rows);
json_t *sharing_json(const struct sharing *, const struct err *err);

#endif
