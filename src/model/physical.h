/* The frames behind pages: those around one page, and figures of a region's frames.
 *
 * Frames are read from a source as they are now, and may move between two readings. Only pages that the model
 * has as resident are counted; the zero page, which all processes share, is not.
 *
 * How often a frame is mapped comes from /proc/kpagecount. Kernels that do not count each page of a large
 * folio report the folio's mean there (Documentation/admin-guide/mm/pagemap.rst). */
#ifndef MODEL_PHYSICAL_H
#define MODEL_PHYSICAL_H

#include "event/source.h"
#include "model/process.h"

#define PHYSICAL_AROUND 64 /* pages before and after that are shown */

/* One of the pages that are shown. */
struct physical_row {
	uint64_t page;
	uint32_t word;  /* as the model has it */
	uint64_t frame; /* 0: there is none */
	int64_t step;   /* from the frame of the page before */
	uint64_t flags; /* as in /proc/kpageflags */
	uint64_t count; /* how often it is mapped, by any process */
	bool has_step, has_flags, has_count;
};

/* Runs are consecutive pages with consecutive frames. */
struct physical_totals {
	uint64_t resident;              /* pages that were looked at */
	uint64_t framed;                /* ... and had a frame */
	uint64_t runs, longest;         /* longest: in pages */
	uint64_t once, twice, more;     /* frames that are mapped once, twice, more often */
	uint64_t none;                  /* frames that nobody mapped any more when that was read */
	uint64_t next_page, next_frame; /* these would continue the last run; 0: none would */
	uint64_t last_run;              /* pages in the last run */
};

/* What reading may cost. */
struct physical_budget {
	uint64_t pages; /* how many pages may have their frames read for the totals */
	uint64_t reads; /* how many times map counts may be read: once for each run */
};

struct physical {
	struct physical_row rows[2 * PHYSICAL_AROUND + 1]; /* in order, all of one region */
	size_t count, at;                                  /* at: the row of the page that was asked for */
	unsigned page_shift;
	uint64_t first, end;    /* of the region, pages */
	uint64_t counted_until; /* the page where counting was cut; `end` if it was not */
	struct physical_totals totals;
	struct err err;        /* why there are no frames; ERR_NONE: there are */
	struct err flags_err;  /* why there are no flags */
	struct err counts_err; /* why it is not known how often frames are mapped */
};

/* Adds n frames of pages [first, first + n), which follow those of the call before; 0: there is none. */
void physical_add_frames(struct physical_totals *, uint64_t first, const uint64_t *frames, size_t n);
/* Adds how often n frames are mapped. */
void physical_add_counts(struct physical_totals *, const uint64_t *counts, size_t n);
/* How many of the n frames are consecutive, from the first one, which is not 0. */
size_t physical_run(const uint64_t *frames, size_t n);

/* Reads the frames around a page of a process from the source, and totals its region from the beginning as
 * far as the budget goes. `p->count` is 0 if there is no region, or for the reason in `p->err`. */
void physical_take(struct physical *p, const struct process *, struct source *, uint64_t page,
		   struct physical_budget);

#endif
