/* Signals as bytes in a pipe, so that the main loop hears of them in poll. */
#ifndef UI_SIGNALS_H
#define UI_SIGNALS_H

/* Takes SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP, SIGINT (those that were not
 * ignored), and calls `crash` before the program dies of SIGSEGV, SIGABRT, SIGBUS
 * or SIGFPE. `crash` must be async-signal-safe. Returns -1 with errno. */
int signals_open(void (*crash)(void));
void signals_close(void);
int signals_fd(void);
/* The next signal that came, 0: none. */
int signals_take(void);
/* Stops the whole job, as the terminal's Ctrl-Z would; returns when continued. */
void signals_stop_job(void);

#endif
