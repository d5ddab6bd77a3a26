/* Figures of faults: how many there were, and facts about the last one at a place. */
#ifndef EXPECT_FIGURE_FAULTS_H
#define EXPECT_FIGURE_FAULTS_H

#include "expect/facts.h"
#include "expect/figure.h"

/* `where` NULL: anywhere. */
struct expect_value figure_count_faults(const struct expect_facts *, const struct process *,
					const struct expect_where *, const struct expect_faults *);
/* FIGURE_KIND, FIGURE_CAUSE, FIGURE_ACCESS, FIGURE_FUNCTION of the last fault that brought a page there. */
struct expect_value figure_of_fault(const struct figure *, const struct expect_where *);

#endif
