/* A recorded session as a source: the same events, at the pace at which they came or another,
 * from any moment on, in both directions (struct time_ops in event/source.h). */
#ifndef STORE_REPLAY_H
#define STORE_REPLAY_H

#include "event/source.h"
#include "model/world.h"
#include "store/session.h"
#include "store/spool.h"

/* `world` is where the events go: it is asked what a page is, and cleared when time jumps.
 * The session, a regular file, stays the caller's; `path` is where it lies, for notes, NULL:
 * nowhere. `spool`, where it comes through a pipe, feeds it; it stays the caller's, too.
 * A program that was launched when recorded is reported as one that was not: nobody here can end
 * it or write to it.
 *
 * Its step fails only where the file cannot be read any more; at the end it stays, and
 * struct time_status says why there is no more. A file that is still being recorded is
 * opened at its end and followed from there. */
struct source *replay_create(struct session *, struct world *world, const char *path, struct spool *spool);

#endif
