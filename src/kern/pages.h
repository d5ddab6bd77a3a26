/* The states of a range of pages of one process. */
#ifndef KERN_PAGES_H
#define KERN_PAGES_H

#include "kern/classify.h"
#include "kern/frames.h"
#include "kern/pagecache.h"
#include "kern/pagemap.h"
#include "kern/process_files.h"
#include "kern/swap_marks.h"
#include "kern/tiles.h"

/* The result of one PAGEMAP_SCAN over many small consecutive regions. */
struct scan_ahead {
	uint64_t first, end; /* pages that were scanned; first == end: none */
	struct scan_range *ranges;
	size_t count, at; /* at: those before it have been used */
};

struct pages {
	const struct process_files *files; /* whose pages */
	const struct frames *frames;
	struct pagecache *cache;
	unsigned page_shift;
	unsigned categories; /* of PAGEMAP_SCAN; 0: entries are read instead (scan_err says why) */
	struct err scan_err;
	bool scan_separates_huge_zero;
	struct words words;
	struct swap_marks marks;
	struct scan_ahead ahead;
	/* for one chunk of pages */
	struct scan_range *ranges;
	uint64_t *entries, *kflags;
	unsigned char *answers;
	struct tiles stage[2];
};

/* Which pages to read, of which region, and what about them. */
struct pages_wanted {
	const struct region_attr *region;
	enum page_class class;
	uint64_t first, end;
	bool flags;      /* exclusive, shared and, if allowed, the kernel's flags */
	bool cache;      /* ask the page cache for what the process does not map */
	uint64_t max_ns; /* stop early when it is used up; 0: do not */
};

/* Keeps the three pointers, which must stay valid. `scan_off`: do without PAGEMAP_SCAN. */
void pages_init(struct pages *, const struct process_files *, const struct frames *, struct pagecache *,
		unsigned page_shift, bool scan_off);
void pages_fini(struct pages *);

/* The next calls of pages_read are about regions in [first, end), in ascending order, and soon: their page
 * tables are scanned in one call, up to the page that is returned; `first` if that is not possible, or
 * nothing is there. */
uint64_t pages_scan_ahead(struct pages *, uint64_t first, uint64_t end);
/* Drops what was scanned ahead. */
void pages_drop_ahead(struct pages *);

/* Appends the pages' states to out, as tiles without a gap, up to the page *done. 0, or -1 with err; ERR_GONE
 * if the memory is gone. */
int pages_read(struct pages *, const struct pages_wanted *, struct tiles *out, uint64_t *done, struct err *);

#endif
