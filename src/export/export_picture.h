/* A picture, as it is asked for: what it shows, and how. */
#ifndef EXPORT_EXPORT_PICTURE_H
#define EXPORT_EXPORT_PICTURE_H

#include <stdint.h>

#include "render/theme.h"

/* What a picture shows. */
enum export_view {
	EXPORT_VIEW_SCREEN,   /* what replay shows at a moment */
	EXPORT_VIEW_MAP,      /* the whole address space at a moment, a dot a page or some pages */
	EXPORT_VIEW_TIMELINE, /* resident pages and faults over time */
	EXPORT_VIEW_FLAME,    /* stacks by the pages that they brought in */
	EXPORT_VIEW_GROWTH,   /* resident pages by region and state over time */
	EXPORT_VIEWS,
};
/* "screen" */
const char *export_view_name(enum export_view);
/* The view of that name, or -1. */
int export_view_parse(const char *name);

struct export_picture {
	enum export_view view;
	int columns, rows; /* of cells, or as large as so many */
	const struct theme *theme;
	uint64_t at_ns; /* of EXPORT_VIEW_SCREEN and EXPORT_VIEW_MAP; UINT64_MAX: the end */
	int32_t pid;    /* whose; 0: the first process */
	double speed;   /* of a film: seconds of the session a second */
};

#endif
