/* The lines of the regions panel: regions sorted, filtered, folded by file. */
#ifndef RENDER_LIST_H
#define RENDER_LIST_H

#include <stddef.h>
#include <stdint.h>

#include "compare/aligned.h"
#include "model/space.h"
#include "render/view.h"

struct region_row {
	uint64_t id;         /* the region's; of a folded line, the first one's */
	unsigned regions;    /* how many regions the line stands for */
	uint8_t kind;        /* of a folded line, the largest one's */
	uint64_t largest;    /* pages of that one */
	uint64_t first, end; /* pages; of a folded line from the first to the last */
	uint64_t pages;      /* in regions, gaps not counted */
	uint64_t counts[PAGE_STATES];
	uint64_t resident;
	uint32_t changed_ms;        /* the latest change */
	uint64_t differ, by_chance; /* pages, where two are compared; the first ones do really */
	bool on[ALIGNED_SIDES];     /* which of the two have it */
};

struct region_rows {
	struct region_row *rows;
	size_t count, cap;
	/* what it was made from */
	const struct space *space;
	uint64_t generation;
	enum view_sort sort;
	bool fold;
	uint32_t kinds;
	char filter[VIEW_TEXT];
	const struct aligned *aligned; /* given by who wants its differences counted, or NULL */
};

/* Makes the list anew where the space or what the view asks for has changed. Starts
 * from zeroes. */
void region_rows_update(struct region_rows *, const struct space *, const struct view *);
void region_rows_fini(struct region_rows *);
/* Whether two regions, one after the other by address, belong together: parts of one
 * file, a bss right behind, the kernel's own pages. */
bool region_same_group(const struct region *before, const struct region *);
/* Whether a region passes the view's filter (text and kinds). */
bool region_matches(const struct region *, const struct view *);

#endif
