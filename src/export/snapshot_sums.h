/* The kernel's sums of the regions of a snapshot. */
#ifndef EXPORT_SNAPSHOT_SUMS_H
#define EXPORT_SNAPSHOT_SUMS_H

#include "export/snapshot.h"

/* The sums of a region, or NULL: not asked for, not to be had, or of other regions. */
const struct region_sums *snapshot_sums_find(const struct snapshot_options *, const struct region *);
/* Why there are none of a region; a translated line. */
const char *snapshot_sums_why(const struct snapshot_options *);

#endif
