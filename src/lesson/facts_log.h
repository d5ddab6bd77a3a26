/* Answers to questions of fact, kept as lines of text, so that a recording can give them again.
 *
 *     variable 4242 area 1f000 8 1 1 7f1200000000
 *     byte 4242 7f1200000014 41
 *     frame 4242 7f1200000 2c001
 *     mappings 4242 7f1200000 1
 *     common 4242 4243 7f1200000 2
 *     moment touched 4242 51 60            faults logged and counted by then
 *     kept more resident of area at mark more = 1 1 4 4      what a term was worth at its mark
 *
 * Numbers are hexadecimal but for pids and counts. What was not known is not in the log, and stays unknown
 * when it is replayed. */
#ifndef LESSON_FACTS_LOG_H
#define LESSON_FACTS_LOG_H

#include "expect/evaluate.h"

/* Passes questions on to the inner facts, and keeps their answers. Starts from zeroes, then
 * facts_log_begin. */
struct facts_log {
	const struct expect_facts *inner;
	struct expect_facts facts; /* use these for evaluation */
	struct strbuf lines;
};
void facts_log_begin(struct facts_log *, const struct expect_facts *inner);
/* Keeps the value of a term that has a mark. */
void facts_log_keep(struct facts_log *, const struct expect_term *);
void facts_log_fini(struct facts_log *);

/* Facts from such lines. */
struct facts_lines {
	/* The number-th line, from 1; NULL: there are no more. */
	const char *(*line)(void *context, unsigned number);
	void *context;
};
extern const struct expect_facts_ops facts_lines_ops; /* their context is a struct facts_lines */
/* Adds the moments that the lines have. */
void facts_lines_moments(const struct facts_lines *, struct moments *);
/* Sets the kept value of a term that has a mark, or was kept at the end, if the lines have it. */
void facts_lines_keep(const struct facts_lines *, struct expect_term *);

#endif
