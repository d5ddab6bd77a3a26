/* A file that gets its name when its writer says that it is worth having. Until then nobody sees
 * it, and what had the name before stays as it was. Where the file system has files without
 * names, nothing is left behind however this process ends. */
#ifndef BASE_NEW_FILE_H
#define BASE_NEW_FILE_H

#include <stdbool.h>

#include "base/err.h"

struct new_file {
	int fd;          /* for writing; the caller's to close. -1: none */
	char *path;      /* where it goes: of a symbolic link, where that leads */
	char *temporary; /* its name until then; NULL: none */
	bool force;
	bool kept; /* it has its name; a device or a pipe has it from the beginning */
};

/* Refused where the path is there, unless forced; a device or a pipe is opened as it is. A file that
 * is replaced hands its mode on. -1 with err, and fini is not needed then. */
int new_file_open(struct new_file *, const char *path, bool force, struct err *);
/* Gives it its name, if it does not have it. -1: that failed. */
int new_file_keep(struct new_file *, struct err *);
/* What was not kept is gone. */
void new_file_fini(struct new_file *);
/* "cannot write PATH: ...", with what errnum says. Returns -1. */
int new_file_fail(const struct new_file *, int errnum, struct err *);

#endif
