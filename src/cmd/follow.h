/* Watching without a terminal: a line per change on standard output. */
#ifndef CMD_FOLLOW_H
#define CMD_FOLLOW_H

#include "event/source.h"
#include "model/world.h"

/* Prints until the process has ended, nobody reads the output any more, or a signal says
 * stop; what was launched (a pid; 0: nothing) is ended then. Returns 0, -1 with err, or the
 * signal, which the caller dies of once the source was let go. */
int follow(struct source *, struct world *, int32_t launched, struct err *);

/* The same for any sink that hands events on to the world; it prints to standard output. */
int follow_events(struct source *, struct world *, struct sink *, int32_t launched, struct err *);

/* Ends this program the way the signal would have done. */
void follow_die(int number);

#endif
