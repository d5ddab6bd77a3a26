/* Evaluates expectations by the facts of one moment: the model, and what the process's owner answers through
 * callbacks. Nothing is guessed: what is not known is a value within bounds, or unknown with the reason.
 * Pure: the facts' functions are the caller's. */
#ifndef EXPECT_EVALUATE_H
#define EXPECT_EVALUATE_H

#include "expect/facts.h"

void expect_where_fini(struct expect_where *);
/* Finds a place. False: it is not known, and *unknown is a value that says why, for the caller to end. */
bool expect_find_place(const struct expect_facts *, const struct process *, const struct expect_place *,
		       struct expect_where *, struct expect_value *unknown);

/* The number of an error by its name, "EINVAL"; 0: it is not one. Such names stand for numbers. */
int expect_errno(const char *name);

/* The process that `in child n` refers to; NULL: there is none yet. */
const struct process *expect_process(const struct expect_facts *, unsigned child);

/* The value of a term, now. The caller frees it with value_fini. */
struct expect_value expect_evaluate(const struct expect_facts *, const struct expect_term *);

struct expect_result {
	enum expect_outcome outcome;
	struct expect_value left; /* what was there */
	char *why;                /* the reason if the outcome is unknown; owned */
};
void expect_result_fini(struct expect_result *);
void expect_judge(const struct expect_facts *, const struct expect *, struct expect_result *);
/* Keeps the present value of a term with a mark, when the program has reached that mark. */
void expect_keep(const struct expect_facts *, struct expect_term *);
/* The same for a term without a mark, when the process is about to end: its value now is its final one,
 * except for what is known only afterwards: how it ended, what it wrote. */
void expect_keep_last(const struct expect_facts *, struct expect_term *);

/* Appends one line: "resident of area = 4 pages: it is 3 pages". */
void expect_explain(struct strbuf *, const struct expect *, const struct expect_result *);

#endif
