/* Saves the screen as a picture, where a command has asked for it. */
#ifndef UI_SAVE_SCREEN_H
#define UI_SAVE_SCREEN_H

#include "ui/state.h"

/* To the file ui->save_to, and where that is "" to the first pagescape-N.png that is free; says where, or
 * why not. Nothing where that is NULL. */
void save_screen(struct ui *);

#endif
