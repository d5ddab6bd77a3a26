/* The lines of the regions panel: regions sorted, filtered, folded by file. */
#ifndef RENDER_REGION_ROWS_H
#define RENDER_REGION_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "compare/aligned.h"
#include "model/space.h"

/* Which regions are shown. */
#define REGION_FILTER_TEXT 256
struct region_filter {
	uint32_t kinds;                /* a bit for each kind shown; all ones: all */
	char text[REGION_FILTER_TEXT]; /* only those whose name or kind contains it; "": all */
};

enum region_sort {
	REGION_SORT_ADDRESS,
	REGION_SORT_SIZE,
	REGION_SORT_RESIDENT,
	REGION_SORT_CHANGED,
	REGION_SORT_NAME,
	REGION_SORT_GROWTH,
	REGION_SORT_DIFFERENCE,
	REGION_SORT_COUNT
};

struct region_row {
	uint64_t id;         /* the region's; of a folded line, the first one's */
	unsigned regions;    /* how many regions the line stands for */
	uint8_t kind;        /* of a folded line, the largest one's */
	uint64_t largest;    /* pages of that one */
	uint64_t first, end; /* pages; of a folded line from the first to the last */
	uint64_t pages;      /* in regions, gaps not counted */
	uint64_t counts[PAGE_STATES];
	uint64_t resident;
	int64_t growth;             /* pages, since the watch began */
	uint32_t changed_ms;        /* the latest change */
	uint64_t differ, by_chance; /* pages, if two are compared; `differ` counts those that really differ */
	bool on[ALIGNED_SIDES];     /* which of the two have it */
};

struct region_rows {
	struct region_row *rows;
	size_t count, cap;
	/* what it was made from */
	const struct space *space;
	uint64_t generation;
	enum region_sort sort;
	bool fold;
	struct region_filter filter;
	const struct aligned *aligned; /* set by a caller that wants differences counted, or NULL */
};

/* Rebuilds the list if the space, the filter or the order has changed. Starts from zeroes. `fold`: the
 * regions of one file are one line. */
void region_rows_update(struct region_rows *, const struct space *, const struct region_filter *,
			enum region_sort, bool fold);
void region_rows_fini(struct region_rows *);
/* Do two regions that follow each other by address belong together? parts of one file, a bss right after it,
 * the kernel's own pages. */
bool region_same_group(const struct region *before, const struct region *);
bool region_filter_is_set(const struct region_filter *); /* false: all regions are shown */
bool region_filter_same(const struct region_filter *, const struct region_filter *);
bool region_matches(const struct region *, const struct region_filter *);

#endif
