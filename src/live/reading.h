/* Reads regions and pages, and sends what differs from the model (model/observe.h). */
#ifndef LIVE_READING_H
#define LIVE_READING_H

#include "event/source.h"
#include "kern/reader.h"
#include "live/watch.h"

struct page_range {
	uint64_t first, end;
};

struct reading {
	struct watch *watch;
	struct reader *reader;
	bool cache; /* may the page cache be read? */
	struct region_list regions;
	struct tiles tiles, merged;
	uint64_t maps_ns;       /* CLOCK_MONOTONIC: when maps was last read */
	uint64_t maps_began_ns; /* when that reading began: it shows everything from before */
	uint64_t maps_cost_ns;  /* how much processor time it took */
};

/* `watch` and `reader` stay the caller's and live longer. */
void reading_init(struct reading *, struct watch *, struct reader *, bool cache);
void reading_fini(struct reading *);

/* When the last reading of maps began, CLOCK_MONOTONIC; it shows everything from before. 0: maps was not read
 * yet. */
uint64_t reading_maps_began_ns(const struct reading *);
/* How long ago maps was last read, and how much processor time that took. */
uint64_t reading_maps_age_ns(const struct reading *);
uint64_t reading_maps_cost_ns(const struct reading *);

/* Both return how much differed, or -1 with ERR_GONE if the memory that was being read is gone: the process
 * is ending, or has become another program. */
int64_t reading_maps(struct reading *, struct sink *, struct err *);
/* Pages [first, end), as far as they are in regions, for at most max_ns (0: no limit). *done is the page that
 * it got to. Also reads the page cache if `cache` is set and that is allowed. */
int64_t reading_pages(struct reading *, struct sink *, uint64_t first, uint64_t end, bool cache,
		      uint64_t max_ns, uint64_t *done, struct err *);

/* Makes a reader scan region i, from a page on, together with those that follow it up to `end`, if they are
 * small. Returns up to which page that was done, or is not worth trying. To be ended by reader_drop_ahead. */
uint64_t reading_scan_ahead(struct reader *, const struct space *, size_t i, uint64_t from, uint64_t end);

/* Fills in what is still known about a page when its process has ended: the last picture. */
void reading_inspect_dead(const struct process *, uint64_t page, struct page_detail *);

#endif
