/* A made-up process with every page state, for pictures of the page panel. */
#ifndef TESTS_PANELS_SCENE_H
#define TESTS_PANELS_SCENE_H

#include "ui/view/panel.h"
#include "ui/view/views.h"

struct panels_scene {
	struct scene scene;
	struct view view;
	struct process process;
	struct page_detail detail;
	struct diff_region changed[4];
};

/* Where the pages of interest are. */
enum spot {
	SPOT_TEXT,      /* file, shared */
	SPOT_TEXT_COLD, /* reserved, whether cached is unknown */
	SPOT_CACHED,
	SPOT_COPY, /* relocated by the loader */
	SPOT_HEAP, /* anon, exclusive, frame known */
	SPOT_ZERO,
	SPOT_HEAP_END, /* reserved */
	SPOT_HUGE,
	SPOT_GUARD,
	SPOT_SWAP,
	SPOT_SHM,
	SPOT_NO_ACCESS,
	SPOT_STACK,
	SPOT_BELOW_STACK,
	SPOT_VVAR,
	SPOT_GAP,
	SPOTS,
};

void panels_scene_init(struct panels_scene *, int columns);
void panels_scene_fini(struct panels_scene *);
/* Puts the cursor on a spot, with the detail that a source would give: root's or not. */
void panels_scene_go(struct panels_scene *, enum spot, bool root);
/* As if two snapshots had been taken. */
void panels_scene_compare(struct panels_scene *);
/* Fills the detail's bytes with something to look at. */
void panels_scene_bytes(struct panels_scene *);
/* As if its faults had been seen, the fatal ones too; panels_faults.c. */
void panels_scene_faults(struct panels_scene *);
/* Shows the tab of this name. */
void panels_scene_tab(struct panels_scene *, const char *name);
/* Brings the shown tab up to date, for a panel of so many rows. */
void panels_scene_update(struct panels_scene *, int rows);

#endif
