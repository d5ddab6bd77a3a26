/* The names that a filter's words are compared with, where there are only so many. */
#ifndef MODEL_FILTER_NAMES_H
#define MODEL_FILTER_NAMES_H

#include <stdbool.h>

#include "base/err.h"

/* Is the text part of one of the names that a key ("cause") can have, or, if `exact`, one of them? Letters' case does not
 * matter. -1 with ERR_USAGE, which has them all; 0 also for keys whose text may be any. */
int filter_names_check(const char *key, const char *text, bool exact, struct err *);

#endif
