/* What the terminal can do, by its entry in terminfo, without opening it. */
#ifndef UI_TERMINFO_H
#define UI_TERMINFO_H

#include "base/err.h"

/* 0 if standard input and output are a terminal that can show a screen; else -1 with ERR_UNSUPPORTED, whose
 * text says what to do. */
int terminfo_check(struct err *);
/* How many colours TERM has; 0: none, or TERM is not known. */
int terminfo_colours(void);

#endif
