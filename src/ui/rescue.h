/* Restores the terminal in an emergency. There is one terminal, so there is one rescue; terminal.c keeps it
 * up to date. */
#ifndef UI_RESCUE_H
#define UI_RESCUE_H

#include <stdbool.h>

/* Remembers the modes of the terminal on standard output, before they are changed. */
void rescue_save(void);
/* From here on rescue_now has something to undo, and so has a guard process that waits for our end: the
 * terminal is restored even after SIGKILL. Needs a terminal that curses has set up; `mouse`: the mouse is
 * on. */
void rescue_arm(bool mouse);
/* The terminal was restored in the normal way: sets the saved modes once more, and disarms. */
void rescue_disarm(void);
/* Makes the terminal usable again, once; does nothing if not armed. Async-signal-safe. */
void rescue_now(void);

#endif
