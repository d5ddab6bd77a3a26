/* The picture of a world as events, so that reading can begin in the middle. */
#ifndef STORE_KEYFRAME_H
#define STORE_KEYFRAME_H

#include "model/world.h"

/* Sends what there is. Applied to an empty world the events give the same world, but for
 * the entries of the fault log: of those there is only how many came (EVENT_PAST), for
 * they stand in the frames before. Who sends them, process for process, just before
 * EVENT_PAST, has them in the log, too.
 *
 * First of all come marks, then the identities of all processes, each with the time since when
 * it is there: while all are alive none is forgotten to make room for another. Of each process,
 * in this order: its counters and figures; ghosts, regions and pages, each with the time since when it is
 * so; a tick at the world's now; names, output and calls; EVENT_PAST; threads; stories, those of the touched pages themselves by time, those of neighbours
 * by page; samples from the oldest on. So time goes back and forth here. */
void keyframe_send(const struct world *, struct sink *);

#endif
