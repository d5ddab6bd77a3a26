/* What follows from the model and the view at every picture. */
#ifndef UI_UPDATE_H
#define UI_UPDATE_H

#include "ui/state.h"

/* Brings the layout, the list, the cursor and the scrolling up to date with the model, the view and
 * the screen's size. */
void ui_update(struct ui *, int rows, int columns);

#endif
