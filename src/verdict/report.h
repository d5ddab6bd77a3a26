/* The verdict as lines for people: what the text, markdown and the tab of the screen show. */
#ifndef VERDICT_REPORT_H
#define VERDICT_REPORT_H

#include "verdict/verdict.h"

enum report_kind {
	REPORT_HEADING,  /* label; value beside it, or "" */
	REPORT_SENTENCE, /* label is the sentence, value the evidence, note what could be done, or "" */
	REPORT_FIGURE,   /* label, value, note */
	REPORT_NOTE,     /* label: a line about what is above it */
};

/* Translated and printable, owned; "": there is nothing. */
struct report_row {
	enum report_kind kind;
	int indent; /* of a figure: it is part of the one above it with a smaller indent */
	char *label, *value, *share, *note; /* share: of a figure, "42 %" */
};

struct report {
	struct report_row *rows;
	size_t count, cap;
};

/* Does any figure from row `at` to the next heading have a share, so that a column of shares is needed? */
bool report_has_shares(const struct report *, size_t at);
/* The caller ends it with report_fini. */
void report_init(struct report *, const struct verdict *);
void report_fini(struct report *);

#endif
