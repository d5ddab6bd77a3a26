/* Builds a world by events, as a source would, sets up a scene of it and draws it
 * without a terminal; compares the picture with a golden file. */
#ifndef TESTS_SCENE_BUILDER_H
#define TESTS_SCENE_BUILDER_H

#include <stdint.h>

#include "ui/view/screen.h"
#include "ui/view/screen_parts.h"
#include "ui/view/views.h"

#define STAGE_PID 4242

struct stage {
	struct world *world;
	struct process *process;
	struct view view;
	struct layout layout;
	struct region_rows list;
	struct process_order order;
	struct canvas canvas;
	struct scene scene; /* its detail, keys, help may be set; the rest is set by stage_draw */
	uint64_t now_ns;    /* of the events to come */
	uint64_t next_id;
	int ascii, mono;
	struct pair pair; /* of its first process and another, where view.pair is set */
};

/* A running 64-bit process with 4 KiB pages. argv is NULL-terminated. */
void stage_init(struct stage *, const char *const *argv);
void stage_fini(struct stage *);
/* The time of the next events and of the next picture. */
void stage_at(struct stage *, uint64_t ms);

/* A new region of reserved pages; perms as in maps; returns its id. */
uint64_t stage_map(struct stage *, uint64_t start, uint64_t pages, const char *perms, enum region_kind,
		   const char *path);
/* New bounds of a region; pages that are new are reserved. */
void stage_resize(struct stage *, uint64_t id, uint64_t start, uint64_t pages);
void stage_unmap(struct stage *, uint64_t id);
void stage_pages(struct stage *, uint64_t address, uint64_t pages, uint32_t word);
void stage_faults(struct stage *, uint64_t minor, uint64_t major);
void stage_status(struct stage *, enum process_status, int code);
void stage_source(struct stage *, enum source_kind, bool ok, const char *why);
void stage_output(struct stage *, const char *text);
void stage_tick(struct stage *);

/* The process forks: a child with the same regions and pages. */
struct process *stage_fork(struct stage *, int32_t pid);
/* A thread of any process. */
void stage_thread(struct stage *, int32_t pid, int32_t tid, const char *name, bool ended);
/* The process and its child side by side, nothing compared yet. */
void stage_pair(struct stage *, int32_t child);

/* Two compared processes, side by side; the second one is chosen. */
void stage_compare(struct stage *, const struct aligned *);

/* Brings layout and list up to date and draws. Keeps the cursor's row in sight. */
void stage_draw(struct stage *, int rows, int columns);
/* Shows the tab of this name. */
void stage_tab(struct stage *, const char *name);
/* Draws and compares with golden/NAME.txt; GENERATE=1 in the environment writes it. */
void stage_check(struct stage *, int rows, int columns, const char *name);

/* The same for any canvas. */
void canvas_check(const struct canvas *, const char *name);

/* A made-up program: a small ELF program, a heap, an 8 MiB mapping, libc, a stack. */
void stage_build_demo(struct stage *);
/* Something like python3: about sixty regions. */
void stage_build_many(struct stage *);

#endif
