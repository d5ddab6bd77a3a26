/* The picture of a world as events, so that reading can begin in the middle. */
#ifndef STORE_KEYFRAME_H
#define STORE_KEYFRAME_H

#include "model/world.h"

/* Sends what there is, ending with a tick at the world's now. Applied to an empty world
 * they give the same processes, regions, pages and times of their last change; ghosts,
 * output, history and marks are not in it. Regions and pages bear the time since when
 * they are so, so time goes back and forth here. */
void keyframe_send(const struct world *, struct sink *);

#endif
