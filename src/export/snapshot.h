/* What all forms of a snapshot share: options, and what they read from the model, for live and recorded
 * processes. */
#ifndef EXPORT_SNAPSHOT_H
#define EXPORT_SNAPSHOT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "model/world.h"

/* Reads the frame numbers of up to n pages from `first` on; returns how many it read. A page without
 * a frame gets 0. */
typedef size_t (*snapshot_frames_fn)(void *context, uint64_t first, uint64_t *frames, size_t n);

struct snapshot_options {
	bool pages;                /* with the pages of each region, as runs */
	snapshot_frames_fn frames; /* with frame numbers; NULL: without */
	void *frames_context;
	bool smaps;                     /* with the kernel's sums of each region: */
	const struct region_sums *sums; /* by address */
	size_t sums_count;
	struct err sums_err; /* a code other than ERR_NONE: they could not be read */
	/* only of the table: */
	int columns; /* cut lines to this width; 0: do not */
	bool ascii;
};

struct snapshot_run {
	uint64_t first, end;
	uint32_t word;  /* state, named flags, and the reason of an unknown page */
	uint64_t frame; /* of the first page, the others follow; 0: not known */
};

struct snapshot_runs {
	const struct snapshot_options *options;
	struct runs_iter iter;
	struct run pending;    /* not yet returned completely */
	struct run ahead;      /* read from the iterator, beyond it */
	uint64_t frames_first; /* what `frames` holds */
	size_t frames_count;
	uint64_t *frames;
};

/* A region's pages as runs whose neighbours differ in what is shown. Begins at a region; the caller ends with
 * snapshot_runs_fini. */
void snapshot_runs_init(struct snapshot_runs *, const struct space *, const struct region *,
			const struct snapshot_options *);
bool snapshot_runs_next(struct snapshot_runs *, struct snapshot_run *);
void snapshot_runs_fini(struct snapshot_runs *);

/* The kernel's sums of a region; NULL: not asked for, not readable, or the region is not among them. Sums of
 * a region that is `joined` to the one before cover both, and are found with the latter. */
const struct region_sums *snapshot_sums_find(const struct snapshot_options *, const struct region *);
/* Are the sums of a region found with one that is joined to it? */
bool snapshot_sums_behind(const struct snapshot_options *, const struct space *, const struct region *);
/* Why a region has no sums, translated. */
const char *snapshot_sums_why(const struct snapshot_options *);

#endif
