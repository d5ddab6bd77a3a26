/* diff --touched: how much two recorded runs agree in the pages that they touched. */
#ifndef CMD_DIFF_TOUCHED_H
#define CMD_DIFF_TOUCHED_H

#include "cmd/options.h"

/* The operands are sessions, with #PID or without. Returns the exit status, or -1 with err. */
int diff_touched(const struct options *, struct err *);

#endif
