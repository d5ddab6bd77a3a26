/* Which part of the process is in sight: the grid's layout and the list of regions, their scrolling, and the
 * cursor in them. */
#ifndef UI_VIEWPORT_H
#define UI_VIEWPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/world.h"
#include "render/layout.h"
#include "render/region_rows.h"
#include "ui/view/screen_parts.h"
#include "ui/view/view.h"

/* What is kept of a process that was shown before. */
struct visit {
	int32_t pid;
	uint64_t cursor;
	int64_t grid_top, cursor_offset;
	int zoom;
	bool zoom_auto;
	unsigned execs;
};

struct viewport {
	struct layout layout;
	struct region_rows list;
	struct screen_parts parts;
	bool placed;           /* the cursor has its first place */
	int64_t cursor_offset; /* rows between the grid's top and the cursor */
	int column;            /* wanted when moving up and down; -1: the cursor's */
	uint64_t chased_ns;    /* the change that the cursor went to */
	/* what the last update saw */
	uint64_t seen_cursor;
	int seen_zoom, seen_columns, seen_rows, seen_list_rows;
	unsigned seen_execs;
	uint64_t seen_regions; /* region_generation */
	/* by the order in which they were left */
	struct visit *visits;
	size_t visit_count, visit_cap;
};

/* Makes an empty one: the first update lays it out. */
void viewport_init(struct viewport *);
void viewport_fini(struct viewport *);

/* When a process is shown for the first time, or runs another program, the cursor goes to what the user most
 * likely wants to see. If the view follows changes it goes to the latest one. */
void viewport_place_cursor(struct viewport *, struct view *, const struct process *);
/* Updates layout, list, cursor and scrolling to the memory, the view and the parts of the screen. `listed`:
 * whose regions the list shows; usually the same. Returns whether the cursor is on another page than it was
 * at the last update. */
bool viewport_update(struct viewport *, struct view *, const struct space *, const struct space *listed);

/* Scrolls the grid, not the cursor. */
void viewport_scroll_grid(struct viewport *, struct view *, int rows);
/* Scrolls the list of regions, not its selected line. */
void viewport_scroll_list(struct viewport *, struct view *, int lines);
/* The pages in sight in the grid; false if there are none. */
bool viewport_pages(const struct viewport *, const struct view *, uint64_t *first, uint64_t *end);

/* Another process is about to be shown; the view's was. */
void viewport_leave(struct viewport *, const struct view *);
/* This process is shown from now on, as it was left. If it was never shown, the cursor stays where
 * a `child` has the same page as its parent, and else is placed. */
void viewport_enter(struct viewport *, struct view *, const struct process *, bool child);

#endif
