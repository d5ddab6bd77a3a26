/* The tabs of the panel below the grid: what each of them does, behind one struct of functions, and
 * which one is shown. A new tab is one file with its `struct view_ops`, and its name in ui/view/views.c;
 * nothing else asks which tab it is dealing with. */
#ifndef UI_VIEW_TABS_H
#define UI_VIEW_TABS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/event_index.h"
#include "event/source.h"
#include "render/canvas.h"

struct scene;
struct tab;
struct view;

/* An event of the process's, by its number in its log. */
struct view_event {
	bool known;
	enum event_kind kind;
	uint64_t number;
};

/* Properties of a tab (view_ops.flags). */
enum {
	/* lines to walk through: its key gives it the keyboard, too, and takes both away again */
	TAB_LIST = 1 << 0,
	TAB_OF_PAGE = 1 << 1,     /* is about the page under the cursor */
	TAB_HAS_ADDRESS = 1 << 2, /* shows that page's address and frame itself, where it has room below */
	TAB_SHOWS_BYTES = 1 << 3, /* shows the page's bytes, which are read again and again */
	TAB_STAYS = 1 << 4,       /* keeps its scroll position when it is shown again */
	TAB_FROM_END = 1 << 5,    /* begins at its last line and is scrolled back from there */
	TAB_WIDE_LEFT = 1 << 6,   /* a wide screen has it at the left of the one with TAB_WIDE_RIGHT, */
	TAB_WIDE_RIGHT = 1 << 7,  /* ... whichever of the two is chosen */
	/* where two are compared it has the regions, if these have no panel of their own */
	TAB_REGIONS = 1 << 8,
	TAB_FIGURES = 1 << 9,         /* shows the kernel's own figures, which are read again and again */
	TAB_SHOWS_COMPARED = 1 << 10, /* shows what changed between two moments: comparing them shows it */
};

/* A tab. Functions that are NULL do what is in brackets. */
struct view_ops {
	const char *name;  /* in the line of tabs, translatable; raw, for the command `tab` */
	const char *brief; /* the name where there is little room, translatable [the name] */
	char key;          /* shows it; stands before the name; a command that has this key shows it, too */
	unsigned flags;    /* TAB_... */
	size_t state_size; /* of its own state, which begins as zeroes */

	/* Draws. Returns how far it can be scrolled. */
	int (*draw)(struct area, const struct scene *, const struct tab *);
	/* Draws in its place where two are compared [draw, for one of the two]. */
	int (*draw_compared)(struct area, const struct scene *, const struct tab *);
	/* Frees what its state owns [nothing]. */
	void (*fini)(struct tab *);
	/* Its key was pressed: takes over what the tab shown until now has selected [nothing]. */
	void (*open)(struct tab *, struct view *, const struct scene *);
	/* Its key was pressed while it had the keyboard: returns the tab to go back to [the first one]. */
	const struct view_ops *(*back)(struct tab *);
	/* Before each picture in which it is shown: brings its lines up to date [nothing]. */
	void (*update)(struct tab *, const struct scene *);
	/* In how many ns it will have more to show even if nothing happens; UINT64_MAX: never [never]. */
	uint64_t (*due_ns)(const struct tab *, uint64_t now_ns);
	/* The cursor went to another page, whether the tab is shown or not [nothing]. */
	void (*cursor_moved)(struct tab *, const struct scene *);
	/* Moves by `lines` lines, down or (negative) up [scrolls]. */
	void (*scroll)(struct tab *, int lines);
	/* Selects the line in sight of this number; false: there is none [false]. */
	bool (*click)(struct tab *, int line);
	/* Enter, while it has the keyboard; false: not used [false]. */
	bool (*enter)(struct tab *, struct view *, const struct scene *);
	/* Left (negative) or right, while it has the keyboard; false: not used [false]. */
	bool (*sideways)(struct tab *, int step);
	/* Escape, while it has the keyboard: gives up one thing; false: there was none [false]. */
	bool (*escape)(struct tab *);
	/* The event on the selected line, which stays selected, and where the cursor goes; false: none [false]. */
	bool (*take_event)(struct tab *, struct view *, const struct scene *, struct view_event *);
};

struct tab {
	const struct view_ops *ops;
	void *state;   /* owned; as the ops' file knows it */
	int scroll;    /* lines scrolled away; of a list the selected line */
	char label[8]; /* of its key, where it is not ops->key */
	int rows;      /* of the area that it is drawn in, as update saw it */
};

struct tabs {
	struct tab *items; /* in the order of the table */
	size_t count;
	struct tab *shown;
};

/* `table` is NULL-terminated; the first tab is shown. */
void tabs_init(struct tabs *, const struct view_ops *const *table);
void tabs_fini(struct tabs *);
/* The tab of these ops, which must be in the table. */
struct tab *tabs_find(const struct tabs *, const struct view_ops *);
/* The first with the flag, which one must have. */
struct tab *tabs_with(const struct tabs *, unsigned flag);
/* By name, untranslated; NULL: none. */
struct tab *tabs_named(const struct tabs *, const char *name);
struct tab *tabs_by_key(const struct tabs *, uint32_t key);
/* Shows a tab, from its beginning unless it has TAB_STAYS. */
void tabs_show(struct tabs *, struct tab *);
/* Shows the tab `step` places further on, wrapping around, scrolled as it was left. */
void tabs_step(struct tabs *, int step);
bool tabs_shows(const struct tabs *, unsigned flag);

/* Scrolls by so many lines, as the tab does it. */
void tab_scroll(struct tab *, int lines);
/* To the left or right within the shown tab, or else to the one beside it. */
void tabs_go_sideways(struct tabs *, int step);

#endif
