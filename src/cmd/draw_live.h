/* A picture of a running process: as export draws a session, but of a single look. */
#ifndef CMD_DRAW_LIVE_H
#define CMD_DRAW_LIVE_H

#include "cmd/options.h"
#include "event/source.h"
#include "model/world.h"

/* Draws the world, right after a sweep of the source, to options->picture.file, whose extension gives the
 * format. Only views of a moment can be drawn. Returns 0, or -1 with err. */
int draw_live(struct source *, struct world *, const struct options *, struct err *);

#endif
