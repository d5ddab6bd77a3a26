/* The screen without a terminal: what it would show of a source at a moment, as cells. */
#ifndef UI_OFFSCREEN_H
#define UI_OFFSCREEN_H

#include "base/err.h"
#include "event/source.h"
#include "model/world.h"
#include "render/canvas.h"
#include "render/theme.h"

struct offscreen;

struct offscreen_options {
	const struct theme *theme;
	int rows, columns;
	bool ascii;
	const char *commands; /* as --do; NULL: none */
};

/* Makes the screen of process `pid`, which must be in the world. Source and world stay the caller's. NULL
 * with err if one of the commands does not exist. */
struct offscreen *offscreen_create(struct source *, struct world *, int32_t pid,
				   const struct offscreen_options *, struct err *);
void offscreen_destroy(struct offscreen *); /* NULL, too */
/* Draws the screen as it is now; call it again when the source has moved. The canvas belongs to it, and is
 * valid until the next call. `now_ns`: the time of the watch, for a source that cannot be moved in time. */
const struct canvas *offscreen_draw(struct offscreen *, uint64_t now_ns);

#endif
