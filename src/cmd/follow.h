/* Watching without a terminal: a line per change on standard output. */
#ifndef CMD_FOLLOW_H
#define CMD_FOLLOW_H

#include "event/source.h"
#include "model/world.h"

/* Watches until the process has ended, nobody reads our output any more, *stop (may be NULL)
 * becomes true, or a signal says stop; reads everything once where the world is empty; what was launched (a pid; 0: nothing) is ended then.
 * All events go to the sink, the world's among them. Returns 0, -1 with err, or the signal,
 * which the caller dies of once the source was let go. */
int follow_events(struct source *, const struct world *, struct sink *, int32_t launched, const bool *stop,
		  struct err *);

/* As follow_events, printing a line per change. `more` takes all events too; may be NULL. */
int follow(struct source *, struct world *, struct sink *more, int32_t launched, struct err *);

/* Ends this program the way the signal would have done. */
void follow_die(int number);

#endif
