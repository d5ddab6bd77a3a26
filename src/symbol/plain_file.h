/* Opening files whose names come from elsewhere: out of debug information, out of /tmp. */
#ifndef SYMBOL_PLAIN_FILE_H
#define SYMBOL_PLAIN_FILE_H

#include <sys/stat.h>

/* Opens an absolute path for reading, below the directory `root` (an fd, -1: our own root),
 * which no ".." and no link leads out of. Nothing but a regular file is opened: to open a
 * device or a pipe may do something, or wait. Fills st. -1 where it cannot be, with errno. */
int plain_file_open(int root, const char *path, struct stat *st);

#endif
