/* Signals as bytes in a pipe, so that the main loop sees them in poll. */
#ifndef UI_SIGNALS_H
#define UI_SIGNALS_H

#include "base/err.h"

/* Handles SIGWINCH, SIGTSTP, SIGCONT and every signal that would end the program, unless it is ignored or
 * handled already. Before the program dies of a crash, `crash` is called, which must be async-signal-safe.
 * ERR_SYSTEM. */
int signals_open(void (*crash)(void), struct err *);
void signals_close(void);
/* What to poll for POLLIN. */
int signals_fd(void);
/* The next signal that came, 0: none. */
int signals_take(void);
/* Stops the whole job, as the terminal's Ctrl-Z would; returns when continued. */
void signals_stop_job(void);

#endif
