/* The picture of a world as events, so that reading can begin in the middle. */
#ifndef STORE_KEYFRAME_H
#define STORE_KEYFRAME_H

#include "model/world.h"

/* Sends the whole world. Applied to an empty world, the events give the same world, except for the entries of
 * the fault log: only their number is sent (EVENT_PAST), because they are in the blocks before. A caller that
 * also sends these faults, process by process, right before EVENT_PAST, gets them into the log too.
 *
 * First come marks, then the identities of all processes, each with the time since when it exists: with all
 * of them alive, none is forgotten to make room for another. For each process, in this order: its counters
 * and figures; ghosts, regions and pages, each with the time since when it has been so; a tick at the world's
 * present time; names, output and calls; EVENT_PAST; threads; stories, first those of touched pages by time,
 * then those of neighbours by page; samples, the oldest first. So times are not in order here. */
void keyframe_send(const struct world *, struct sink *);

#endif
