/* What this machine lacks for a lesson. */
#ifndef CMD_LESSON_NEEDS_H
#define CMD_LESSON_NEEDS_H

#include "base/err.h"

/* Does this machine have all that a lesson, or an exercise, needs (see lesson_needs_has)? 0, or -1 with
 * ERR_UNSUPPORTED: "needs root", say. */
int lesson_check_needs(const char *needs, struct err *);

#endif
