/* /proc/PID/maps: the regions of a process. */
#ifndef KERN_MAPS_H
#define KERN_MAPS_H

#include <stdbool.h>
#include <stddef.h>

#include "kern/backing.h"
#include "kern/reader.h"

/* Fills the list anew from the text of maps; kinds are not told yet. Returns 0, or
 * the number of the first line that makes no sense (the lines before it are kept). */
size_t maps_parse(struct region_list *, const char *text, size_t len);

/* Do the regions follow one another without overlapping? maps is not atomic over
 * several reads: where they overlap it has to be read again. */
bool maps_in_order(const struct region_list *);
/* Sorts, and cuts off what overlaps: the last resort where re-reading never helped. */
void maps_force_order(struct region_list *);

/* Tells each region's kind, and whether hugetlb or a device is behind it. */
void maps_tell_kinds(struct region_list *, const struct backing *);

#endif
