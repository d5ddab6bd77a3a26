/* Commands: how one looks: zoom, panels, tabs, the picture, themes. */
#ifndef UI_COMMAND_LOOK_H
#define UI_COMMAND_LOOK_H

#include "ui/command.h"

extern const struct command_group command_look;

/* 2^`step` times as many pages a cell. */
void look_zoom(struct ui *, int step);

#endif
