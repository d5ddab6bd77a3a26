/* A region's pages as runs that a reader can tell apart: neighbours differ in what is shown. */
#ifndef EXPORT_SNAPSHOT_RUNS_H
#define EXPORT_SNAPSHOT_RUNS_H

#include "export/snapshot.h"

#define SNAPSHOT_FRAMES 4096 /* frame numbers asked for at a time */

struct snapshot_run {
	uint64_t first, end;
	uint32_t word;  /* state, named flags, and the reason of an unknown page */
	uint64_t frame; /* of the first page, the others follow; 0: not known */
};

struct snapshot_runs {
	const struct snapshot_options *options;
	struct runs_iter iter;
	struct run pending;    /* not yet given out whole */
	struct run ahead;      /* read from the iterator, beyond it */
	uint64_t frames_first; /* what `frames` holds */
	size_t frames_count;
	uint64_t *frames;
};

/* Begins at a region; end with snapshot_runs_fini. */
void snapshot_runs_init(struct snapshot_runs *, const struct space *, const struct region *,
			const struct snapshot_options *);
bool snapshot_runs_next(struct snapshot_runs *, struct snapshot_run *);
void snapshot_runs_fini(struct snapshot_runs *);

#endif
