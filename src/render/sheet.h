/* A drawing that may be taller than the place where it is shown: it is drawn whole, and shown from where
 * it is scrolled to. Helpers of the detail panel's tabs and of the overlays. */
#ifndef RENDER_SHEET_H
#define RENDER_SHEET_H

#include "render/canvas.h"

#define SHEET_ROWS 400    /* of a sheet that lists things */
#define SHEET_TAB_ROWS 64 /* of a sheet about one page: this is drawn for every picture */

struct sheet {
	struct canvas canvas;
	struct area area; /* draw here: as wide as the place */
	struct area place;
	struct pen pen;
};

/* A blank sheet of so many rows, as wide as `place`, where a part of it will be shown. */
void sheet_open(struct sheet *, struct area place, int rows, struct pen background);
/* Puts the drawing's `used` rows into the place, the one of number `scroll` first, but never scrolled
 * past its end; arrows at the right edge show that there is more. Ends the sheet. Returns how far it can
 * be scrolled. */
int sheet_show(struct sheet *, int used, int scroll);

/* A window with a border, in the middle of `all`: returns its inner area, at most `rows` by
 * `columns`. Title and foot stand in the border; foot may be NULL. */
struct area popup_open(struct area all, int rows, int columns, const char *title, const char *foot);

#endif
