/* The names that a filter's words are compared with, for keys that have a fixed set of names. */
#ifndef MODEL_FILTER_NAMES_H
#define MODEL_FILTER_NAMES_H

#include <stdbool.h>

#include "base/err.h"

/* Checks that the text is part of a name that a key ("cause") can have, or, if `exact`, equal to one. Case
 * does not matter. 0, also for keys that take any text, or -1 with ERR_USAGE and a list of all names. */
int filter_names_check(const char *key, const char *text, bool exact, struct err *);

#endif
