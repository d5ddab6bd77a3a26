/* What the user looks at and how: pure state, changed by commands (ui/command.h),
 * read by everything that draws. */
#ifndef RENDER_VIEW_H
#define RENDER_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "model/diff.h"
#include "model/space.h"

enum view_focus { FOCUS_GRID, FOCUS_REGIONS, FOCUS_DETAIL, FOCUS_TIMELINE /* of a replay */, FOCUS_COUNT };

/* What the panel below the grid shows. */
enum view_tab {
	TAB_PAGE,    /* what it is, why, what the next touch would do */
	TAB_ADDRESS, /* the address taken apart into its table indices */
	TAB_ENTRY,   /* the page table entry's bits, as pagemap gives them */
	TAB_BYTES,   /* hex and text, live */
	TAB_OUTPUT,  /* what the program wrote, and a line to send */
	TAB_CHANGES, /* two snapshots and what differs */
	TAB_SOURCES, /* where each figure comes from, what is denied and why */
	TAB_COUNT,
};

enum view_sort { SORT_ADDRESS, SORT_SIZE, SORT_RESIDENT, SORT_CHANGED, SORT_NAME, SORT_COUNT };

enum view_overlay { OVERLAY_NONE, OVERLAY_HELP, OVERLAY_LEGEND, OVERLAY_QUIT };

enum view_prompt {
	PROMPT_NONE,
	PROMPT_SEARCH,  /* a region by name, kind, address or state */
	PROMPT_FILTER,  /* regions shown */
	PROMPT_GOTO,    /* an address, or region+offset, or a symbol's name */
	PROMPT_COMMAND, /* a command's name */
	PROMPT_SEND,    /* a line for the program */
	PROMPT_TIME,    /* a moment of the recording */
	PROMPT_NOTE,    /* what a mark says */
};

#define VIEW_TEXT 256

struct view {
	int32_t pid;             /* the process shown */
	int rows, columns;       /* of the screen */
	enum view_focus focus;
	enum view_tab tab;
	enum view_overlay overlay;
	int overlay_scroll;
	uint64_t cursor;         /* the selected page's number */
	int zoom;                /* 2^zoom pages a cell */
	bool zoom_auto;          /* not chosen by the user yet: fits the process */
	int64_t grid_top;        /* the layout's row at the top of the grid */
	bool follow;             /* the cursor goes where something changes */
	bool picture_paused;     /* the picture stands still, the process runs */
	/* regions panel */
	enum view_sort sort;
	uint32_t kinds;          /* bit for each region kind shown; all ones: all */
	char filter[VIEW_TEXT];  /* only regions whose name or kind contains it */
	bool fold;               /* the regions of one file are one line */
	int list_top, list_at;   /* first line shown, selected line */
	int bytes_top;           /* first line of TAB_BYTES */
	int detail_scroll;       /* of the other tabs */
	int output_back;         /* lines scrolled back */
	/* prompt */
	enum view_prompt prompt;
	char input[VIEW_TEXT];
	size_t input_len;
	char search[VIEW_TEXT];  /* searched for last */
	/* one line for the user */
	char message[VIEW_TEXT];
	bool message_bad;
	/* two snapshots: A is marked, B is now or marked as well */
	struct space *mark_a, *mark_b; /* owned by the view */
	uint64_t mark_a_ns, mark_b_ns;
	bool has_diff;
	struct diff diff;
};

void view_init(struct view *, int32_t pid);
void view_fini(struct view *);

#endif
