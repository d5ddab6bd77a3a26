/* Words of an expectation that mean a region or a figure, where the program has a variable of that name, too. */
#ifndef EXPECT_AMBIGUOUS_H
#define EXPECT_AMBIGUOUS_H

#include "expect/facts.h"

/* The first of them; NULL: there is none. Whoever wrote it may have meant the variable. */
const char *expect_ambiguous(const struct expect_facts *, struct expect *);

#endif
