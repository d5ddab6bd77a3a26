/* Words of an expectation that mean a region or a figure, although the program has a variable of that name,
 * too. */
#ifndef EXPECT_AMBIGUOUS_H
#define EXPECT_AMBIGUOUS_H

#include "expect/facts.h"

/* The first such word, whose author may have meant the variable; NULL: there is none. */
const char *expect_ambiguous(const struct expect_facts *, struct expect *);

#endif
