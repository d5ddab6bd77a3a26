/* What a picture is drawn from: the model as it is now, and how the user looks at it. */
#ifndef UI_VIEW_SCENE_H
#define UI_VIEW_SCENE_H

#include "compare/pair.h"
#include "compare/sharing.h"
#include "event/source.h"
#include "model/physical.h"
#include "model/world.h"
#include "render/canvas.h"
#include "render/layout.h"
#include "render/process_rows.h"
#include "render/region_rows.h"
#include "ui/view/view.h"

/* The position of a replay in its recording. A live watch has marks, too. */
struct timeline {
	const struct time_status *time;  /* NULL: there is only now */
	const struct time_point *course; /* the whole, as far as it is known */
	size_t course_count;
	const struct marks *marks; /* NULL: none */
};

struct scene {
	const struct world *world;
	const struct process *process;
	uint64_t page; /* under the cursor, as this process counts; RUNS_END: it has none there */
	const struct view *view;
	const struct layout *layout;
	const struct region_rows *list;    /* the regions panel's lines */
	const struct process_order *order; /* of the watched processes; NULL: there is only one */
	const struct page_detail *detail;  /* of the cursor's page, or NULL */
	uint64_t now_ns;                   /* of the watch; freshness counts from here */
	const char *keys;                  /* the footer's line of keys, from the command table */
	const char *const *help;           /* NULL-terminated lines of help, from the command table */
	bool stepping;                     /* a step, or slow motion, was requested, and has not ended */
	struct timeline timeline;
	const struct pair *pair;       /* two processes side by side, or NULL */
	const struct err *pair_err;    /* why these could not be compared; NULL or ERR_NONE: they were */
	const struct sharing *sharing; /* who holds what together, or NULL: not asked for */
	const struct err *sharing_err; /* why pages are not identified by frame */
	uint64_t sharing_ns;           /* of the watch: when that was so */
	const struct physical *frames; /* which frames neighbours have, or NULL: not asked for */
	uint64_t frames_ns;            /* of the watch: when that was so */
};

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

/* Finds the page under the cursor. */
void scene_find_page(struct scene *);
/* The scene for a tab: if two are compared and the tab is about the page under the cursor, that of the
 * process that has the page (the chosen one if both have). */
struct scene scene_of_tab(const struct scene *, const struct tab *);
/* The slot of an address of the process; false where no region lies there. */
bool scene_find_address(const struct scene *, uint64_t address, uint64_t *slot);
/* The same for an event: a fault's address, or what a call returned. */
bool scene_find_event(const struct scene *, const struct view_event *, uint64_t *slot);

/* A page that changed settles in three steps. */
#define SCENE_FRESH1_NS (UINT64_C(400) * 1000000)
#define SCENE_FRESH2_NS (UINT64_C(1000) * 1000000)
#define SCENE_FRESH3_NS (UINT64_C(2000) * 1000000)
/* The paper of a page that changed at `since_ms` (0: never). */
enum paper scene_fresh(const struct scene *, uint32_t since_ms);

/* A process is quiet when nothing that is shown has changed for so long. */
#define SCENE_QUIET_NS (UINT64_C(2000) * 1000000)
/* Has nothing that is shown changed for SCENE_QUIET_NS? */
bool scene_quiet(const struct scene *);

/* How long from now until the picture would change by itself (fresh pages settling, ghosts going, the clock
 * stopping); UINT64_MAX: never. */
uint64_t scene_settle_ns(const struct scene *);

#endif
