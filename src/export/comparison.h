/* A comparison, for people (a table) and for programs (JSON). */
#ifndef EXPORT_COMPARISON_H
#define EXPORT_COMPARISON_H

#include <stdio.h>

#include "compare/compare.h"
#include "model/world.h"

/* One side of it. All the caller's. */
struct comparison_side {
	const char *shown; /* its name, printable */
	const char *time;  /* wall clock, ISO 8601; raw */
	const struct process *process;
};

struct comparison_options {
	bool pages;  /* print the pages that differ, too */
	int columns; /* of text: cut lines to this width; 0: do not */
	bool ascii;
};

/* JSON: pagescape.diff/1. */
void comparison_print_json(FILE *, const struct comparison *, const struct comparison_side *a,
			   const struct comparison_side *b, const struct comparison_options *);
void comparison_print_text(FILE *, const struct comparison *, const struct comparison_side *a,
			   const struct comparison_side *b, const struct comparison_options *);

#endif
