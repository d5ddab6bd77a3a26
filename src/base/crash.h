/* The signals of a crash: a thread of our own that faulted, or gave up. */
#ifndef BASE_CRASH_H
#define BASE_CRASH_H

#include <signal.h>
#include <stdbool.h>

/* Is this the signal of a crash? */
bool crash_signal(int number);
/* Fills a set with all signals but those: what a thread blocks that leaves signals to others. A
 * crash in it that is blocked ends the program without its handler, the terminal as it is. */
void crash_fill_others(sigset_t *);

#endif
