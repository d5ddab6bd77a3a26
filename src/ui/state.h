/* The screen's state: all that a command may change, and what follows from it.
 * Knows no terminal, so that commands are tested without one. */
#ifndef UI_STATE_H
#define UI_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/source.h"
#include "model/world.h"
#include "render/layout.h"
#include "render/region_rows.h"
#include "ui/view/scene.h"
#include "ui/view/screen_parts.h"
#include "render/theme.h"
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

/* A step as a key asks for it: where the cursor is, is seen when its turn comes. */
enum step_what { STEP_TO_FAULT, STEP_TO_CALL, STEP_IN_REGION, STEP_ON_PAGE };
struct step_wish {
	enum step_what what;
	uint64_t count;
};

#define UI_STEPS_MAX 64

/* The step that was asked for and has not come to its stop yet, and those that wait for it. */
struct ui_steps {
	bool under_way;
	int32_t pid;
	unsigned stops; /* stop.count when it was asked for */
	struct step_wish wishes[UI_STEPS_MAX];
	unsigned count;
};

struct ui {
	struct view view;
	struct layout layout;
	struct region_rows list;
	struct screen_parts parts;
	struct world *world;
	struct source *source;
	struct process *process; /* the one shown, as it is now */
	struct process *still;   /* the picture of it while that is paused, else NULL */
	uint64_t still_ns;
	const struct theme *theme;
	struct sink *sink;          /* takes the events of the source; NULL: the world alone */
	uint64_t now_ns;            /* of the watch */
	bool has_time;              /* the source can be moved in time ... */
	struct time_status time;    /* ... and stands so */
	struct page_detail *detail; /* of the cursor's page, where has_detail */
	bool has_detail;
	/* what the loop is asked for */
	bool quit;
	bool suspend;
	bool repaint;
	/* what ui_update saw last */
	bool placed; /* the cursor has its first place */
	uint64_t seen_cursor;
	int seen_zoom, seen_columns, seen_rows;
	unsigned seen_execs;
	uint64_t seen_regions; /* region_generation */
	uint64_t chased_ns;
	unsigned seen_stops; /* stop.count */
	bool go_to_stops;    /* the user steps: the cursor goes where the program stands */
	unsigned slow;       /* faults a second of slow motion; 0: none is asked for */
	int32_t slow_pid;    /* whose */
	struct ui_steps steps;
	int seen_list_rows;
	int64_t cursor_offset; /* rows between the grid's top and the cursor */
	int column;            /* wanted when moving up and down */
	char filter_before[REGION_FILTER_TEXT];
	struct visit *visits; /* by the order in which they were left */
	size_t visit_count, visit_cap;
	struct pair pair;            /* where view.pair */
	char pair_why[MESSAGE_TEXT]; /* why the two could not be compared; "" */
};

void ui_init(struct ui *, struct world *, struct source *, int32_t pid, const struct theme *);
void ui_fini(struct ui *);

/* Shows another process of the world, where one left it when it was shown before. */
void ui_show_process(struct ui *, int32_t pid);
/* To be called after events: the world may have forgotten a process that had ended. */
void ui_find_process(struct ui *);
/* Ends side by side. */
void ui_end_pair(struct ui *);
/* The program that was started here, or NULL. */
const struct process *ui_launched(const struct ui *);
/* The process to draw: as it is, or as it was when the picture was paused. */
const struct process *ui_shown(struct ui *);
struct space *ui_space(struct ui *);
/* What the layout is made from: that, or the memory of two side by side. */
const struct space *ui_layout_space(struct ui *);
/* The place of an address of the shown process; false where no region lies there. */
bool ui_find_address(struct ui *, uint64_t address, uint64_t *page);
/* Two that were compared stand side by side from now on, the cursor at the first difference. The
 * world is their stage; they stay the caller's. */
void ui_compare(struct ui *, const struct aligned *);
void ui_pause_picture(struct ui *, bool pause);

/* The world may have been cleared, or time have gone on: looks for the process anew (the first
 * one, where it is not there at that time), and how the source stands. */
void ui_update_time(struct ui *);
/* Events that the user makes go the way of the source's. */
struct sink *ui_sink(struct ui *);

/* The marks of the recording, or those set here. */
const struct marks *ui_marks(const struct ui *);
/* Sets a mark with this text at the time shown, kept for good where that can be; false, and has
 * complained, where not. */
bool ui_keep_mark(struct ui *, const char *text);
/* Does any process of those watched live? */
bool ui_any_alive(const struct ui *);
/* Asks the source to do something to the process shown, or to the program that was started here.
 * -1: and has complained. */
int ui_ask(struct ui *, enum control, const struct control_arg *);

/* Brings the layout, the list, the cursor and the scrolling up to date with the model,
 * the view and the screen's size. */
void ui_update(struct ui *, int rows, int columns);
/* What the picture is drawn from; keys and help are the caller's to set. */
struct scene ui_scene(struct ui *);
/* As ui_scene, of what a tab is about. */
struct scene ui_tab_scene(struct ui *, const struct tab *);
/* Part of ui_update: the cursor goes to what the program has stopped at. */
void ui_go_to_stop(struct ui *);
/* Is the process that is shown in slow motion? */
bool ui_slow(const struct ui *);
/* Is it on its way to a stop, or will it be? */
bool ui_steps(const struct ui *);
/* Takes the next of the steps that wait, when the one before has come to its stop: to be called
 * after the picture of that. */
void ui_steps_go_on(struct ui *);
/* None waits any more. */
void ui_steps_forget(struct ui *);
/* The pages that can be seen in the grid; false where there are none. */
bool ui_visible(const struct ui *, uint64_t *first, uint64_t *end);

void ui_move(struct ui *, uint64_t page);   /* the cursor, by the user */
void ui_scroll_grid(struct ui *, int rows); /* the grid, not the cursor */
/* ui_message goes by itself after a while, ui_complain stays until the next key. */
void ui_message_clear(struct ui *);
void ui_message(struct ui *, const char *format, ...) __attribute__((format(printf, 2, 3)));
void ui_complain(struct ui *, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
