/* Opening files whose names cannot be trusted: from debug information, in /tmp. */
#ifndef SYMBOL_PLAIN_FILE_H
#define SYMBOL_PLAIN_FILE_H

#include <sys/stat.h>

#include "base/err.h"

/* Opens an absolute path for reading, below the directory `root` (an fd, -1: our own root), which neither
 * ".." nor a link can leave. Only a regular file is opened: opening a device or a pipe may have effects, or
 * block. Fills in st. Returns an fd, or -1 with err: ERR_NOT_FOUND, ERR_DENIED and so on as open(2) fails,
 * ERR_UNSUPPORTED if it is not a regular file or the path is not absolute. */
int plain_file_open(int root, const char *path, struct stat *st, struct err *err);

#endif
