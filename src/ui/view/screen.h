/* The whole screen, drawn from a scene: pure, so that it is tested without a terminal.
 *
 *   header   program, pid, status, reserved, resident, faults
 *   regions | grid
 *   detail   a line of tabs, and the chosen one
 *   timeline
 *   footer   keys, or a message, or a prompt
 *
 * Each panel is one file (ui/view/panel.h); ui/view/screen_parts.h shares out the rows and columns. */
#ifndef UI_VIEW_SCREEN_H
#define UI_VIEW_SCREEN_H

#include "ui/view/scene.h"

/* How far what is shown can be scrolled, found while drawing it. */
struct scroll_ends {
	int tab, overlay;
};

/* Draws the panels for which there is room; if the window is too small, one line that says so. */
struct scroll_ends screen_draw(struct canvas *, const struct scene *);

#endif
