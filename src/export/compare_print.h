/* A comparison, for people (a table) and for programs (JSON). */
#ifndef EXPORT_COMPARE_PRINT_H
#define EXPORT_COMPARE_PRINT_H

#include <stdio.h>

#include "compare/compare.h"
#include "model/world.h"

/* One side: where it comes from and what it is. */
struct compare_side {
	const char *shown; /* printable */
	const char *time;  /* wall clock, ISO 8601; raw */
	const struct process *process;
};

struct compare_print {
	bool pages;  /* the pages that differ, too */
	int columns; /* of the table: cut lines to this width; 0: do not */
	bool ascii;
};

/* pagescape.diff/1 */
void compare_print_json(FILE *, const struct comparison *, const struct compare_side *a,
			const struct compare_side *b, const struct compare_print *);
void compare_print_text(FILE *, const struct comparison *, const struct compare_side *a,
			const struct compare_side *b, const struct compare_print *);

#endif
