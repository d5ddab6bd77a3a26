/* The signals that mean a crash: a thread of ours faulted, or gave up. */
#ifndef BASE_CRASH_H
#define BASE_CRASH_H

#include <signal.h>
#include <stdbool.h>

/* Does this signal mean a crash? */
bool crash_signal(int number);
/* Fills a set with all signals but those: for a thread that leaves signals to others. If it blocked the
 * signal of a crash of its own, the program would end without its handler, and leave the terminal as it
 * is. */
void crash_fill_others(sigset_t *);

#endif
