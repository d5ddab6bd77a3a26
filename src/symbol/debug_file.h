/* Separate files with debug information, as distributions ship them, in /usr/lib/debug. */
#ifndef SYMBOL_DEBUG_FILE_H
#define SYMBOL_DEBUG_FILE_H

#include <stddef.h>

/* `root`: a directory to look below, as well as our own root; -1: none. */

/* By build-id: /usr/lib/debug/.build-id/12/3456.debug. An fd, or -1. */
int debug_file_open_by_id(int root, const void *id, size_t len);

/* The debug file of the ELF file that is open as fd (which stays the caller's) and whose path is `path` ("":
 * not known): by its build-id, else by the name in .gnu_debuglink, in the same folder, in .debug there, below
 * /usr/lib/debug. A candidate must have the same build-id, or else the right checksum. An fd, or -1. */
int debug_file_open(int fd, int root, const char *path);

#endif
