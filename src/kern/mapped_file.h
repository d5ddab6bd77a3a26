/* Opening exactly the file that a region maps. */
#ifndef KERN_MAPPED_FILE_H
#define KERN_MAPPED_FILE_H

#include "base/err.h"
#include "event/region.h"

/* `process` is the directory /proc/PID. Returns an fd for reading that the caller closes, or -1:
 * ERR_DENIED (the file may not be read), ERR_NOT_FOUND (no file, or it can no longer be found),
 * ERR_SYSTEM. */
int mapped_file_open(int process, const struct region_attr *, struct err *);

#endif
