/* A picture of a running process: what export draws of a session, of one look at it. */
#ifndef CMD_DRAW_LIVE_H
#define CMD_DRAW_LIVE_H

#include "cmd/options.h"
#include "event/source.h"
#include "model/world.h"

/* Draws the world, which the source has just been swept into, to options->picture.file, whose name ends with a
 * format's. The views are those of a moment. Returns 0, or -1 with err. */
int draw_live(struct source *, struct world *, const struct options *, struct err *);

#endif
