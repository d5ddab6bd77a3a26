/* One look at a process, for people (a table) and for programs (JSON). Walks of the model,
 * so that any model will do: of a live process or of a recorded one. */
#ifndef EXPORT_SNAPSHOT_H
#define EXPORT_SNAPSHOT_H

#include <stdbool.h>
#include <stdio.h>

#include "model/world.h"

/* Frame numbers of up to n pages from `first` on; returns for how many they were told, 0 for
 * none. A page without a frame gets 0. */
typedef size_t (*snapshot_frames_fn)(void *context, uint64_t first, uint64_t *frames, size_t n);

struct snapshot_options {
	bool pages;                /* each region's pages too, as runs */
	snapshot_frames_fn frames; /* with frame numbers; NULL: without */
	void *frames_context;
	bool smaps;                     /* the kernel's sums of each region too: */
	const struct region_sums *sums; /* by address */
	size_t sums_count;
	const char *smaps_why; /* why there are none; NULL: there are */
	/* of the table alone */
	int columns; /* cut lines to this width; 0: do not */
	bool ascii;
};

/* pagescape.snapshot/1; `time` is the wall clock's, ISO 8601. */
void snapshot_print_json(FILE *, const struct process *, const char *time, const struct snapshot_options *);

void snapshot_print_table(FILE *, const struct process *, const struct snapshot_options *);

#endif
