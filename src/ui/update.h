/* Updates what depends on the model and the view, for every picture. */
#ifndef UI_UPDATE_H
#define UI_UPDATE_H

#include "ui/state.h"

/* Brings the layout, the list, the cursor, the scrolling and what is open up to date with the model, the view and the
 * screen's size; goes to where the process has stopped or was killed, and says so. */
void ui_update(struct ui *, int rows, int columns);

#endif
