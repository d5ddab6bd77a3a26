/* A drawing that may be taller than the area that shows it: it is drawn whole, and then scrolled. For the
 * detail panel's tabs and the overlays. */
#ifndef RENDER_SHEET_H
#define RENDER_SHEET_H

#include "render/canvas.h"

#define SHEET_ROWS 400    /* of a sheet that lists things */
#define SHEET_TAB_ROWS 64 /* of a sheet about one page: this is drawn for every picture */

struct sheet {
	struct canvas canvas;
	struct area area; /* draw here: as wide as the window */
	struct area window;
	struct pen pen;
};

/* Makes a blank sheet of `rows` rows, as wide as `window`, which will show a part of it. */
void sheet_open(struct sheet *, struct area window, int rows, struct pen background);
/* Copies the drawing's `used` rows into `window`, row `scroll` first, but never beyond the last page; arrows
 * at the right edge show that there is more. Frees the sheet. Returns how far it can be scrolled. */
int sheet_show(struct sheet *, int used, int scroll);

/* Draws a window with a border in the middle of `all`; returns its inner area, at most `rows` by `columns`.
 * Title and foot are in the border; foot may be NULL. */
struct area popup_open(struct area all, int rows, int columns, const char *title, const char *foot);

#endif
