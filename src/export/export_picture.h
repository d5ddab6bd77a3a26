/* The description of a requested picture: what it shows, and how. */
#ifndef EXPORT_EXPORT_PICTURE_H
#define EXPORT_EXPORT_PICTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "render/theme.h"

/* What a picture shows. */
enum export_view {
	EXPORT_VIEW_SCREEN,   /* what replay shows at a moment, after commands */
	EXPORT_VIEW_MAP,      /* the whole address space at a moment, a dot for each page or several pages */
	EXPORT_VIEW_TIMELINE, /* resident pages and faults over time */
	EXPORT_VIEW_FLAME,    /* stacks by the pages that they brought in */
	EXPORT_VIEW_GROWTH,   /* resident pages by region and state over time */
	EXPORT_VIEWS,
};
/* What views differ in. */
struct export_view_traits {
	const char *name; /* "screen", a word for --view */
	bool of_cells;    /* the screen, as commands (--do) and --ascii make it; else a chart */
	bool of_moment;   /* takes a moment (--at), and needs no past; else a span (--from, --to) */
	bool stands;      /* shows what was there before the span, too */
};
const struct export_view_traits *export_view_traits(enum export_view);
/* The view of that name, or -1. */
int export_view_parse(const char *name);

struct export_picture {
	enum export_view view;
	int columns, rows; /* in cells, or the size of that many cells */
	const struct theme *theme;
	uint64_t at_ns; /* of a view of_moment; UINT64_MAX: the end */
	int32_t pid;    /* whose; 0: the first process */
	double speed;   /* of a film: seconds of the session a second */
};

#endif
