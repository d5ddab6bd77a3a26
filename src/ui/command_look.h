/* Commands: how one looks: zoom, panels, tabs, the picture, themes. */
#ifndef UI_COMMAND_LOOK_H
#define UI_COMMAND_LOOK_H

#include <stdbool.h>

#include "ui/command.h"
#include "ui/view/tabs.h"

extern const struct command_group command_look;

/* 2^`step` times as many pages a cell. */
void look_zoom(struct ui *, int step);

/* A tab's key was pressed. */
void look_press_tab(struct ui *, struct tab *);
/* Enter and Escape for the shown tab: whether it has the keyboard, and had a use for them. */
bool look_enter_tab(struct ui *);
bool look_escape_tab(struct ui *);

#endif
