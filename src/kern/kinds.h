/* What kind each region of a reading of maps is. */
#ifndef KERN_KINDS_H
#define KERN_KINDS_H

#include "kern/backing.h"
#include "kern/maps.h"

/* Sets each region's kind, and whether hugetlb or a device is behind it. */
void kinds_set(struct region_list *, const struct backing *);

#endif
