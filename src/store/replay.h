/* A recorded session as a source: the same events, at the original pace or another, from any moment on, in
 * both directions (struct time_ops in event/source.h). */
#ifndef STORE_REPLAY_H
#define STORE_REPLAY_H

#include "event/source.h"
#include "model/world.h"
#include "store/session.h"
#include "store/spool.h"

/* `world` is where the events go: it is asked what a page is, and cleared when time jumps. The session, a
 * regular file, stays the caller's; `path` is its path, for notes; NULL: it has none. `spool` feeds the
 * session if it comes through a pipe; it stays the caller's, too. A program that was launched by the recorder
 * is reported as not launched, because it cannot be ended or written to here.
 *
 * Its step fails only if the file cannot be read any more; at the end it stops, and struct time_status says
 * why there is no more. A file that is still being recorded is opened at its end and followed from there. */
struct source *replay_create(struct session *, struct world *world, const char *path, struct spool *spool);

#endif
