/* Reading small files of /proc whole. */
#ifndef KERN_FILE_H
#define KERN_FILE_H

#include <stddef.h>

#include "base/strbuf.h"

/* Replaces sb by all of the file, read from its beginning, in reads as large as
 * the buffer has room for. Returns 0, or an errno. */
int file_read_fd(int fd, struct strbuf *sb);
/* The same of a file below a directory. */
int file_read_at(int dir, const char *name, struct strbuf *sb);
/* Where a link points to, into sb. Returns 0, or an errno. */
int file_read_link(int dir, const char *name, struct strbuf *sb);

/* The smallest number above `after` that is the name of an entry of a directory, as
 * processes and threads have it; 0 for none. */
long file_next_number(int dir, long after);

#endif
