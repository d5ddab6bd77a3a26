/* The results of expectations, as lines, as JSON, as JUnit XML. */
#ifndef CMD_CHECK_REPORT_H
#define CMD_CHECK_REPORT_H

#include <stdio.h>

#include "base/err.h"
#include "expect/evaluate.h"

struct check_case {
	char *where; /* "en.lesson:12"; NULL: on the command line */
	char *text;
	enum expect_outcome outcome;
	char *actual; /* what was there; NULL: not known */
	char *why;    /* why it is unknown, or fails; may be NULL unless it is unknown */
	char *note;   /* what may have been meant; NULL: no hint */
};

struct check_report {
	const char *name; /* of the whole: the program's, the lesson's */
	struct check_case *cases;
	size_t count, cap;
	unsigned holds, fails, unknown;
};

/* Evaluates an expectation by these facts, and adds the result. */
void check_report_judge(struct check_report *, const char *where, struct expect *,
			const struct expect_facts *);
/* Adds a result of something other than an expectation: `actual` may be NULL, `why` too unless the outcome is
 * unknown. */
void check_report_add_text(struct check_report *, const char *where, const char *text, enum expect_outcome,
			   const char *actual, const char *why);
void check_report_fini(struct check_report *);

/* Prints a line for each that does not hold, and a summary line. */
void check_report_print(FILE *, const struct check_report *);
/* Prints only the summary line. */
void check_report_print_sum(FILE *, const struct check_report *);
void check_report_print_json(FILE *, const struct check_report *);
/* Writes to a file that is created or replaced; "-": standard output. 0, or -1 with err. */
int check_report_write_junit(const char *path, const struct check_report *, struct err *);

/* 0: all hold; 1: otherwise. What cannot be checked counts as failed, unless allowed; so does an empty
 * list. */
int check_report_status(const struct check_report *, bool allow_unknown);

#endif
