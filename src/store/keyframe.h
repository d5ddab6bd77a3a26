/* The picture of a world as events, so that reading can begin in the middle. */
#ifndef STORE_KEYFRAME_H
#define STORE_KEYFRAME_H

#include "model/world.h"

/* Sends what there is. Applied to an empty world, the events give the same world, except for
 * the entries of the fault log: of those there is only the number (EVENT_PAST), as
 * they are in the frames before. Whoever sends them, process by process, just before
 * EVENT_PAST, has them in the log too.
 *
 * First come marks, then the identities of all processes, each with the time since which
 * it has been there: while all are alive, none is forgotten to make room for another. For each process,
 * in this order: its counters and figures; ghosts, regions and pages, each with the time since which it has
 * been so; a tick at the world's present time; names, output and calls; EVENT_PAST; threads; stories, first
 * those of touched pages by time, then those of neighbours by page; samples, the oldest first. So time goes
 * back and forth here. */
void keyframe_send(const struct world *, struct sink *);

#endif
