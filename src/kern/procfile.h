/* Reading what lies below /proc: small files whole, links, directories of numbers.
 *
 * Each function fills err as err_system does, with the file's name in front, and errnum set: a file that is
 * missing is ERR_NOT_FOUND, a process that has ended ERR_GONE, a file that may not be read ERR_DENIED, and
 * everything else, such as having no descriptor left, ERR_SYSTEM. */
#ifndef KERN_PROCFILE_H
#define KERN_PROCFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strbuf.h"

/* Opens a file below a directory for reading. Returns an fd that the caller closes, or -1. */
int procfile_open(int dir, const char *name, struct err *);
/* The same for a directory. */
int procfile_open_dir(int dir, const char *name, struct err *);
/* Is it a captured tree, not the kernel's /proc? */
bool procfile_is_captured(const char *proc_root);
/* Is there such a file, may it be read or not? `proc_root` NULL is /proc. */
bool procfile_exists(const char *proc_root, const char *name);
/* Opens the directory PROC_ROOT/PID; `proc_root` NULL is /proc. An fd that the caller closes, or -1. */
int procfile_open_process(const char *proc_root, int32_t pid, struct err *);

/* Appends the path by which the program that a process runs can be opened, even if its name is gone. */
void procfile_program_path(int32_t pid, struct strbuf *);

/* Replaces sb by all of an open file, read from its beginning in reads as large as the buffer
 * has room for. 0, or -1. */
int procfile_read_fd(int fd, struct strbuf *sb, struct err *);
/* The same for a file below a directory. */
int procfile_read(int dir, const char *name, struct strbuf *sb, struct err *);
/* Replaces sb by the target of a symbolic link. 0, or -1. */
int procfile_read_link(int dir, const char *name, struct strbuf *sb, struct err *);

/* The smallest number above `after` that is the name of an entry in the directory, as for processes and
 * threads; 0: there is none; -1 with err. */
long procfile_next_number(int dir, long after, struct err *);

/* Closes *fd if it is open, and sets it to -1. */
void procfile_close(int *fd);

#endif
