/* Opening the very file that a region maps. */
#ifndef KERN_OPENFILE_H
#define KERN_OPENFILE_H

#include "event/region.h"

/* `process` is /proc/PID. Returns an fd for reading, or -1 with *why, translated. */
int openfile_of_region(int process, const struct region_attr *, const char **why);

#endif
