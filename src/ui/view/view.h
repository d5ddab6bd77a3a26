/* What the user looks at and how: pure state, changed by commands (ui/command.h),
 * read by everything that draws. */
#ifndef UI_VIEW_VIEW_H
#define UI_VIEW_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "model/space.h"
#include "render/region_rows.h"
#include "ui/view/message.h"
#include "ui/view/overlay.h"
#include "ui/view/press.h"
#include "ui/view/prompt.h"
#include "ui/view/snapshots.h"
#include "ui/view/tabs.h"

enum view_focus {
	VIEW_FOCUS_GRID,
	VIEW_FOCUS_REGIONS,
	VIEW_FOCUS_DETAIL,
	VIEW_FOCUS_TIMELINE, /* of a replay */
	VIEW_FOCUS_COUNT
};

/* The grid: the selected page, the zoom, where the grid begins. */
struct view_grid {
	uint64_t cursor; /* the selected page's number */
	int zoom;        /* 2^zoom pages a cell */
	bool zoom_auto;  /* not chosen by the user yet: fits the process */
	int64_t top;     /* the layout's row at the top of the grid */
	bool chase;      /* the cursor follows changes */
};

/* The list of regions. The filter applies to the grid, too. */
struct view_regions {
	struct region_filter filter;
	enum region_sort sort;
	bool fold;   /* the regions of one file are one line */
	int top, at; /* first line shown, selected line */
};

struct view {
	int32_t pid;       /* the process shown */
	int rows, columns; /* of the screen */
	const char *own;   /* directories of one's own code, see model/own_code.h; NULL: none named */
	enum view_focus focus;
	struct view_grid grid;
	struct view_regions regions;
	struct tabs tabs; /* of the panel below the grid */
	struct message message;
	bool picture_paused; /* the picture is frozen, the process runs */
	bool pair;           /* two processes side by side: the grid's columns are halved */
	bool compared;       /* these two were compared: see compare/aligned.h */
	bool processes;      /* the processes panel in place of the regions */
	bool tall;           /* the detail panel has most of the screen */
	struct overlay overlay;
	struct prompt prompt;
	char search[PROMPT_TEXT]; /* searched for last */
	struct snapshots snapshots;
	struct press press; /* for texts that name keys */
};

/* Everything shown, by address, the zoom chosen to fit. `table`: the tabs, see ui/view/views.h. */
void view_init(struct view *, const struct view_ops *const *table, int32_t pid);
void view_fini(struct view *);

/* The user moves the cursor, which no longer follows changes. */
void view_move(struct view *, uint64_t page);
/* Shows a tab and gives it the keyboard. */
void view_show(struct view *, const struct view_ops *);
/* Shows the first tab again; the grid has the keyboard. */
void view_leave_tab(struct view *);
/* The tab that has the keyboard, or NULL. */
struct tab *view_tab_with_keys(const struct view *);
/* Asks for a text. */
void view_ask(struct view *, const struct prompt_ops *);
/* A tab's key was pressed. */
void view_press_tab(struct view *, const struct scene *, struct tab *);

#endif
