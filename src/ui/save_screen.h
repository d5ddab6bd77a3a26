/* Saves the screen as a picture if a command has requested it. */
#ifndef UI_SAVE_SCREEN_H
#define UI_SAVE_SCREEN_H

#include "ui/state.h"

/* Saves it to the file ui->save_to, or, if that is "", to the first free pagescape-N.png, and shows where, or
 * why not. Does nothing if it is NULL. */
void save_screen(struct ui *);

#endif
