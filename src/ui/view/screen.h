/* The whole screen, drawn from a scene: pure, so that it is tested without a terminal.
 *
 *   header   program, pid, status, reserved, resident, faults
 *   regions | grid
 *   detail   tabs: page, address, entry, bytes, output, changes, sources, stack, events, functions
 *   timeline
 *   footer   keys, or a message, or a prompt
 *
 * Each panel is one file with one function `panel_NAME(struct area, const struct scene *)`
 * (render/panel.h); this file only shares out the rows and columns. */
#ifndef UI_VIEW_SCREEN_H
#define UI_VIEW_SCREEN_H

#include "event/source.h"
#include "compare/pair.h"
#include "model/world.h"
#include "render/canvas.h"
#include "ui/view/events.h"
#include "render/profile_rows.h"
#include "render/layout.h"
#include "render/region_rows.h"
#include "ui/view/view.h"

#define SCREEN_MIN_ROWS 12
#define SCREEN_MIN_COLUMNS 40

/* How far what is shown can be scrolled, found while drawing it. */
struct scroll_ends {
	int detail; /* the shown tab: detail_scroll, bytes_top or output_back */
	int overlay;
};

struct scene {
	const struct world *world;
	const struct process *process;
	const struct view *view;
	const struct layout *layout;
	const struct region_rows *list;     /* the regions panel's lines */
	const struct event_index *events;   /* the events panel's lines; up to date where its tab is shown */
	const struct profile_rows *profile; /* the functions panel's, likewise */
	const struct page_detail *detail;   /* of the cursor's page, or NULL */
	uint64_t now_ns;                    /* of the watch; freshness counts from here */
	const char *keys;                   /* the footer's line of keys, from the command table */
	const char *const *help;            /* NULL-terminated lines of help, from the command table */
	const struct time_status *time;     /* of a replay: where it stands; NULL: there is only now */
	const struct time_point *course;    /* of a replay: the whole, as far as it is known */
	size_t course_count;
	const struct marks *marks; /* NULL: none */
	const struct pair *pair;   /* two processes side by side, or NULL */
	const char *pair_why;      /* why they could not be compared; "" or NULL where they were */
	struct scroll_ends *ends;  /* filled by drawing; NULL: not wanted */
};

/* Where the panels are, for the mouse and for sizes; a panel that does not fit has 0 rows. */
struct screen_parts {
	int header_row;
	int regions_row, regions_column, regions_rows, regions_columns;
	int grid_row, grid_column, grid_rows, grid_columns; /* without the margin: the cells */
	int margin_columns;                                 /* left of the cells: the kind's name */
	int pair_column;   /* side by side: the first cell of the right one; the grid's are the left one's */
	int scroll_column; /* of the scroll bar; -1: none */
	bool
	    regions_below; /* the regions are part of the detail panel, for there is no room beside the grid */
	int detail_row, detail_rows, detail_columns;
	int timeline_row, timeline_rows;
	int footer_row;
};
#define PAIR_TITLE_ROWS 2 /* above the grid, side by side */
void screen_parts(struct screen_parts *, const struct view *);

/* What the layout and the list are made from: the process's memory, or that of two. */
static inline const struct space *scene_layout_space(const struct scene *scene)
{
	return scene->pair ? scene->pair->both : scene->process->space;
}

/* The two that were compared; NULL: nothing was. */
static inline const struct aligned *scene_aligned(const struct scene *scene)
{
	return scene->pair ? scene->pair->aligned : NULL;
}

/* The panels of the parts are drawn where there is room; in a window that is too
 * small stands one line that says so. */
void screen_draw(struct canvas *, const struct scene *);

/* A page that changed settles in three steps. */
#define SCREEN_FRESH1_NS (UINT64_C(400) * 1000000)
#define SCREEN_FRESH2_NS (UINT64_C(1000) * 1000000)
#define SCREEN_FRESH3_NS (UINT64_C(2000) * 1000000)
/* The paper of a page that changed at `since_ms` (0: never). */
enum paper screen_fresh(const struct scene *, uint32_t since_ms);

/* A process is quiet when nothing that is shown has changed for so long. */
#define SCREEN_QUIET_NS (UINT64_C(2000) * 1000000)
bool screen_quiet(const struct scene *);

/* How long until the picture would change by itself (fresh pages settling, ghosts
 * going, the clock standing still), from now; UINT64_MAX: never. */
uint64_t screen_settle_ns(const struct scene *);

#endif
