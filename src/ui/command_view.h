/* Commands: how the user looks at memory: zoom, panels, tabs, the picture, themes. */
#ifndef UI_COMMAND_VIEW_H
#define UI_COMMAND_VIEW_H

#include <stdbool.h>

#include "ui/command.h"
#include "ui/view/tabs.h"

extern const struct command_group command_view;

/* Zooms to 2^`step` times as many pages per cell. */
void command_view_zoom(struct ui *, int step);

/* A tab's key was pressed. */
void command_view_press_tab(struct ui *, struct tab *);
/* Enter and Escape for the shown tab. True: it has the keyboard and used the key. */
bool command_view_enter_tab(struct ui *);
bool command_view_escape_tab(struct ui *);

#endif
