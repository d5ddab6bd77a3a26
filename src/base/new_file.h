/* A file that gets its name only when its writer says that it is worth keeping. Until then nobody sees it,
 * and what had the name before stays as it was. If the file system has files without names, nothing is left
 * behind however this process ends. */
#ifndef BASE_NEW_FILE_H
#define BASE_NEW_FILE_H

#include <stdbool.h>

#include "base/err.h"

struct new_file {
	int fd;          /* for writing; the caller closes it. -1: none */
	char *path;      /* its path; for a symbolic link, where that leads, even if nothing is there yet */
	char *temporary; /* its name until then; NULL: none */
	bool force;
	bool kept; /* it has its name; a device or a pipe has it from the beginning */
};

/* Opens it. Refuses if the path exists, unless forced; a device or a pipe is opened as it is. The new file
 * takes the mode of the one that it replaces. 0, or -1 with err: then fini is not needed. */
int new_file_open(struct new_file *, const char *path, bool force, struct err *);
/* Gives it its name, if it has none yet. 0, or -1 with err. */
int new_file_keep(struct new_file *, struct err *);
/* Removes what was not kept. */
void new_file_fini(struct new_file *);
/* "cannot write PATH: ...", and what errnum means. Returns -1. */
int new_file_fail(const struct new_file *, int errnum, struct err *);

#endif
