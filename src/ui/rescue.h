/* Giving the terminal back in an emergency. There is one terminal, so there is one rescue;
 * terminal.c keeps it up to date. */
#ifndef UI_RESCUE_H
#define UI_RESCUE_H

#include <stdbool.h>

/* Remembers the modes of the terminal on standard output, before they are changed. */
void rescue_save(void);
/* From here on rescue_now has something to undo, and so has a process that waits for our end: the terminal
 * is given back even after SIGKILL. Needs a terminal that curses has set up; `mouse`: the mouse is on. */
void rescue_arm(bool mouse);
/* The terminal was given back in order: sets the saved modes once more, and has nothing left to do. */
void rescue_disarm(void);
/* Makes the terminal usable again, once; nothing where it is not armed. Async-signal-safe. */
void rescue_now(void);

#endif
