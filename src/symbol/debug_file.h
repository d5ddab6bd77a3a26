/* Separate files with debug information, as distributions ship them: /usr/lib/debug. */
#ifndef SYMBOL_DEBUG_FILE_H
#define SYMBOL_DEBUG_FILE_H

#include <stddef.h>

/* `root`: a directory to look below, besides our own root; -1: none. */

/* By build-id: /usr/lib/debug/.build-id/12/3456.debug. An fd, or -1. */
int debug_file_open_by_id(int root, const void *id, size_t len);

/* That of the ELF file that is open as fd (stays the caller's) and whose path, "" unknown, this
 * is: by its build-id, else by the name in .gnu_debuglink, beside it, in .debug beside it,
 * below /usr/lib/debug. What is found is compared with it: by build-id, else by checksum. */
int debug_file_open(int fd, int root, const char *path);

#endif
