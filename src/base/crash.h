/* The signals that mean a crash of our own: a thread faulted or called abort. */
#ifndef BASE_CRASH_H
#define BASE_CRASH_H

#include <signal.h>
#include <stdbool.h>

/* Does this signal mean a crash? */
bool crash_signal(int number);
/* Fills a set with all signals except these, for a thread that leaves signals to others. These must stay
 * unblocked: a crash of that thread would otherwise end the program without running the handler, and leave
 * the terminal unrestored. */
void crash_fill_others(sigset_t *);

#endif
