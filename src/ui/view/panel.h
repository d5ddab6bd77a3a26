/* The panels of the screen. Each draws into its area, which is blank before, from its arguments and nothing
 * else.
 *
 * The detail panel's first row is a rule (area_rule) with the tabs' names in it: it closes the panels above,
 * whose separating line the screen joins to it. The timeline is the rule that closes the detail panel. */
#ifndef UI_VIEW_PANEL_H
#define UI_VIEW_PANEL_H

#include "ui/view/scene.h"

/* The lines at the top: the process, its memory, its faults. */
void panel_header(struct area, const struct scene *);
void panel_header_compared(struct area, const struct aligned *); /* in its place: what is compared */
/* The list from line `top` on, with a line selected; `focused`: it has the keyboard. */
void panel_regions(struct area, const struct region_rows *, int top, int selected, bool focused);
/* In place of the regions; one process is the shown one. */
void panel_processes(struct area, const struct world *, int32_t shown);
void panel_grid(struct area, const struct scene *); /* margin and cells */
void panel_pair(struct area, const struct scene *); /* in its place: two processes side by side */
/* The rows of cells of one process, for both of them; the scene's pair (or NULL) is marked. */
void grid_draw(struct area, const struct scene *, int margin);
void grid_draw_scroll_bar(struct area, const struct scene *, int column); /* -1: none */
/* The line of tabs and the chosen tab; returns how far that can be scrolled. */
int panel_detail(struct area, const struct scene *);
/* The timeline of a process, or of a recording if there is one; with 2^zoom pages a cell; `focused` as
 * above. */
void panel_timeline(struct area, const struct process *, const struct timeline *, int zoom, bool focused);
/* Of a replay: which of how many parts of time a column stands for; false: none. */
bool panel_timeline_part(int columns, int rows, int zoom, unsigned page_shift, int column, int *part,
			 int *parts);
/* The prompt, or else the message, or else the keys, which may be NULL. */
void panel_footer(struct area, const struct prompt *, const struct message *, const char *keys);
/* Entries of "KEY what it does", two blanks between them; whole ones only. */
void panel_keys(struct area, const char *keys);

#endif
