/* How much two runs agree in the pages that they touched, for people (a table) and for programs (JSON). */
#ifndef EXPORT_TOUCHED_REPORT_H
#define EXPORT_TOUCHED_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "compare/touched.h"

/* All of it the caller's. */
struct touched_side {
	const char *shown; /* its name, printable */
	const struct touched *touched;
};

/* pages: with the pages that only one of them needs. Both return whether there are such pages. */
bool touched_report_text(FILE *, const struct touched_side *a, const struct touched_side *b, bool pages);
bool touched_report_json(FILE *, const struct touched_side *a, const struct touched_side *b, bool pages);

#endif
