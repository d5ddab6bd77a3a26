/* What the user looks at and how: pure state, changed by commands (ui/command.h),
 * read by everything that draws. */
#ifndef UI_VIEW_VIEW_H
#define UI_VIEW_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "compare/diff.h"
#include "model/space.h"
#include "render/region_rows.h"

enum view_focus { FOCUS_GRID, FOCUS_REGIONS, FOCUS_DETAIL, FOCUS_TIMELINE /* of a replay */, FOCUS_COUNT };

/* What the panel below the grid shows. */
enum view_tab {
	TAB_PAGE,      /* what it is, why, what the next touch would do */
	TAB_ADDRESS,   /* the address taken apart into its table indices */
	TAB_ENTRY,     /* the page table entry's bits, as pagemap gives them */
	TAB_BYTES,     /* hex and text, live */
	TAB_OUTPUT,    /* what the program wrote, and a line to send */
	TAB_CHANGES,   /* two snapshots and what differs */
	TAB_SOURCES,   /* where each figure comes from, what is denied and why */
	TAB_STACK,     /* how the thread came to the fault, with its source lines */
	TAB_EVENTS,    /* faults and calls, one after the other */
	TAB_FUNCTIONS, /* which functions brought in how many pages */
	TAB_COUNT,
};

enum view_overlay { OVERLAY_NONE, OVERLAY_HELP, OVERLAY_LEGEND, OVERLAY_MARKS, OVERLAY_QUIT };

enum view_prompt {
	PROMPT_NONE,
	PROMPT_SEARCH,  /* a region by name, kind, address or state */
	PROMPT_FILTER,  /* regions shown */
	PROMPT_GOTO,    /* an address, or region+offset, or a symbol's name */
	PROMPT_COMMAND, /* a command's name */
	PROMPT_SEND,    /* a line for the program */
	PROMPT_TIME,    /* a moment of the recording */
	PROMPT_NOTE,    /* what a mark says */
	PROMPT_STEPS,   /* how many faults to step over */
	PROMPT_RATE,    /* faults a second, in slow motion */
	PROMPT_EVENTS,  /* events shown, see model/event_filter.h */
};

#define VIEW_TEXT 256

/* An event of the process's, by its number in its log. */
struct view_event {
	bool known;
	bool call;
	uint64_t number;
};

/* The grid: the selected page, how near it is seen, where the grid begins. */
struct view_grid {
	uint64_t cursor; /* the selected page's number */
	int zoom;        /* 2^zoom pages a cell */
	bool zoom_auto;  /* not chosen by the user yet: fits the process */
	int64_t top;     /* the layout's row at the top of the grid */
	bool chase;      /* the cursor goes where something changes */
};

/* The list of regions. The filter is the grid's, too. */
struct view_regions {
	struct region_filter filter;
	enum region_sort sort;
	bool fold;   /* the regions of one file are one line */
	int top, at; /* first line shown, selected line */
};

struct view {
	int32_t pid;       /* the process shown */
	int rows, columns; /* of the screen */
	enum view_focus focus;
	enum view_tab tab;
	enum view_overlay overlay;
	int overlay_scroll;
	int mark_at; /* selected line of OVERLAY_MARKS */
	struct view_grid grid;
	struct view_regions regions;
	bool picture_paused; /* the picture stands still, the process runs */
	bool pair;           /* two processes side by side: the grid's columns are halved */
	bool compared;       /* these two were compared: see compare/aligned.h */
	bool processes;      /* the processes panel in the place of the regions */
	int bytes_top;       /* first line of TAB_BYTES */
	int detail_scroll;   /* of the other tabs; of TAB_STACK the selected function */
	bool tall;           /* the detail panel has most of the screen */
	/* events */
	char events_filter[VIEW_TEXT];
	bool biography;             /* only events of the cursor's page */
	bool events_held;           /* a line is selected; else the newest is, whatever it is */
	int64_t events_at;          /* selected position, see model/event_index.h ... */
	uint64_t events_order;      /* ... and the order of its event, by which it is found again */
	int64_t events_top;         /* position of the first line */
	struct view_event stack_of; /* shown in TAB_STACK; else the story of the cursor's page is */
	/* functions */
	bool profile_callers;        /* each function that was on the stack counts, not just the innermost */
	int profile_at, profile_top; /* selected and first line */
	int output_back;             /* lines scrolled back */
	/* prompt */
	enum view_prompt prompt;
	char input[VIEW_TEXT];
	size_t input_len;
	char search[VIEW_TEXT]; /* searched for last */
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
/* Forgets the comparison; and what was marked to compare with. */
void view_forget_diff(struct view *);
void view_forget_marks(struct view *);

#endif
