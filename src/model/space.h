/* One address space: what is promised (regions) and what is there (pages).
 *
 * Two layers that know nothing of each other, as in the kernel: regions are like VMAs, the page runs are like
 * page tables. Splitting, merging or growing a region therefore moves no page. A third layer knows since when
 * each page has been as it is. Only events change these layers (event/event.h, model/world.h), so a replay
 * gives the same.
 *
 * Pages outside all regions are PAGE_NONE. */
#ifndef MODEL_SPACE_H
#define MODEL_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "event/page.h"
#include "event/region.h"
#include "event/runs.h"

#define SPACE_GHOST_NS (3 * CLOCK_SECOND) /* how long a dead region is remembered */

struct space {
	unsigned page_shift;     /* 12 on x86 */
	struct region **regions; /* alive, by start */
	size_t count, cap;
	uint64_t virtual_pages; /* of all living regions together */
	struct region **ghosts; /* died recently, by start; they overlap neither each other nor living ones */
	size_t ghost_count, ghost_cap;
	struct runs *pages; /* page words */
	/* milliseconds of the watch when the state came (reserved and cached count as one); 0: as first seen */
	struct runs *since;
	uint64_t next_id;           /* the id a new region will get */
	struct runs *began;         /* PAGE_ANON: it was in memory when the watch began */
	bool began_known;           /* false: growth is not known. Set from outside */
	uint64_t generation;        /* goes up at every change */
	uint64_t region_generation; /* goes up when the list of regions changes */
	uint64_t own_generation;    /* goes up when pages change, not only what the page cache has of them */
	uint64_t changed_page;      /* the page whose state changed last (a new mapping does not count) ... */
	uint64_t changed_ns;        /* ... and when; 0: none yet */
};

/* Empty. The caller frees it with space_destroy. */
struct space *space_create(unsigned page_shift);
struct space *space_copy(const struct space *); /* a snapshot: a deep copy */
void space_destroy(struct space *);

static inline uint64_t space_page(const struct space *s, uint64_t address)
{
	return address >> s->page_shift;
}

static inline uint64_t space_address(const struct space *s, uint64_t page)
{
	return page << s->page_shift;
}

/* The living region at an address; if several overlap, between two ticks, the one that came last. NULL: none. */
struct region *space_find(const struct space *, uint64_t address);
/* The same, faster if the address is in `last`, the result of the lookup before (or NULL). */
const struct region *space_find_from(const struct space *, uint64_t address, const struct region *last);
/* The index of the first living region that ends after an address; `count` if none does. */
size_t space_find_index(const struct space *, uint64_t address);
/* The region with an id, a ghost too; NULL: none. */
struct region *space_find_id(const struct space *, uint64_t id);
/* The same, without a search if the region still is at this address. */
struct region *space_find_near(const struct space *, uint64_t id, uint64_t address);

static inline uint64_t region_first(const struct space *s, const struct region *r)
{
	return r->attr.start >> s->page_shift;
}

static inline uint64_t region_end(const struct space *s, const struct region *r)
{
	return r->attr.end >> s->page_shift;
}

/* Census of one region, and of all, by state: added to counts. PAGE_NONE is not counted. */
void space_add_region_counts(const struct space *, const struct region *,
			     uint64_t counts[static PAGE_STATES]);
void space_add_counts(const struct space *, uint64_t counts[static PAGE_STATES]);

/* The index of the file's region that a bss follows, given the index of the bss or of a part of it. For any
 * other region, or if there is no such file, the index itself. */
size_t space_file_region(const struct space *, size_t number);

/* Is it memory that the loader wrote to and then made read-only (RELRO)? Deduced: a private, read-only part
 * of a file with written pages, right before a writable part of the same file. */
bool space_is_relro(const struct space *, const struct region *);
/* The word for its kind where people read it: "relro" for these. In JSON, CSV and filters they keep their
 * kind. */
const char *space_region_word(const struct space *, const struct region *);

/* By how many pages a region has grown since the watch began: its pages in memory now, minus those that the
 * same memory had at these addresses then. */
int64_t space_growth(const struct space *, const struct region *);

/* Calls for each part of [start, end), page by page, that no living region holds as the same memory as the region of
 * `attr` (region_same_backing): what that one has given up for good. */
void space_each_given_up(const struct space *, const struct region_attr *attr, uint64_t start, uint64_t end,
			 void (*each)(void *context, uint64_t first, uint64_t end_page), void *context);

/* How events change it. The time of an event is `now_ns` since the watch began; 0 is the first look, which
 * leaves `since` alone. Mapping leaves the pages as they are: an EVENT_PAGES says what they are. Giving up
 * pages (change, unmap) makes those PAGE_NONE that no other region holds. A region leaves no ghost if others
 * have taken its place. Events with an unknown id do nothing. The address of a region to unmap only helps to
 * find it. */
void space_map(struct space *, uint64_t id, const struct region_attr *, uint64_t now_ns);
void space_change(struct space *, uint64_t id, const struct region_attr *, uint64_t now_ns);
void space_unmap(struct space *, uint64_t id, uint64_t address, uint64_t now_ns);
void space_set_pages(struct space *, const struct run *tiles, size_t n, uint64_t now_ns);
/* Growth is counted from what is in memory now; returns how many pages that is. */
uint64_t space_begin(struct space *);
/* Growth is counted from these pages, added to those of an earlier call if `more`. */
void space_set_began(struct space *, const struct run *tiles, size_t n, bool more);
void space_clear(struct space *); /* exec: everything is gone; ids go on */
/* Forgets ghosts that died more than SPACE_GHOST_NS before now. */
void space_bury(struct space *, uint64_t now_ns);

#endif
