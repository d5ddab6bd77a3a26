/* A recorded session as a source: the same events, at the pace at which they came. */
#ifndef STORE_REPLAY_H
#define STORE_REPLAY_H

#include "event/source.h"
#include "model/world.h"
#include "store/session.h"

/* `world` is where the events go; it is asked what a page is. The session stays the caller's.
 * A program that was launched when recorded is told as one that was not: nobody here can
 * end it or write to it. The step behind the last event returns -1: err says that the
 * recording ends, or how it breaks off; where the process had ended too, a recording that
 * was closed needs no such word. */
struct source *replay_create(struct session *, const struct world *);

#endif
