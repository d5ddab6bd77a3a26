/* The verdict of a process for people: as text, and as markdown to paste into a report. */
#ifndef EXPORT_VERDICT_TEXT_H
#define EXPORT_VERDICT_TEXT_H

#include <stdio.h>

#include "verdict/report.h"

/* Sentences are wrapped to `columns` columns, and names shortened to fit; 0: wrapped to 80, and names are
 * left whole. */
void verdict_print_text(FILE *, const struct verdict *, int columns);
void verdict_print_markdown(FILE *, const struct verdict *);
/* Which process it is about, whether that still runs, and which look at it: a line of words, printable. */
void verdict_put_state(struct strbuf *, const struct verdict *);

#endif
