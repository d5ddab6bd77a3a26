/* A folder for a compiled program that is removed when we end: a small process waits for our end, however it
 * happens, and removes it. */
#ifndef LESSON_TEMPORARY_FOLDER_H
#define LESSON_TEMPORARY_FOLDER_H

#include <sys/types.h>

#include "base/err.h"

struct temporary_folder {
	char *path;  /* owned */
	char *file;  /* the one that will be in it, its path; owned */
	pid_t guard; /* 0: there is none */
};

/* Makes a folder, mode 0700, below $TMPDIR, else /var/tmp: /tmp may be a tmpfs, whose pages are shared memory
 * and not a file's. `name` is that of the file. NULL with ERR_SYSTEM. */
struct temporary_folder *temporary_folder_create(const char *name, struct err *);
/* Removes it, and its file. NULL is fine. */
void temporary_folder_destroy(struct temporary_folder *);

#endif
