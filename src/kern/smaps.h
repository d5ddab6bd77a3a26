/* /proc/PID/smaps: the kernel's own sums for each region. Pure: text in, sums out. */
#ifndef KERN_SMAPS_H
#define KERN_SMAPS_H

#include <stddef.h>

#include "event/region.h"

/* Appends the entries of the text; returns 0, or the number of the first line that
 * makes no sense. */
size_t smaps_parse(struct region_sums **entries, size_t *count, const char *text, size_t len);

#endif
