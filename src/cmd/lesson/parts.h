/* Which lessons, or recordings, to give; and the files that they are recorded to. */
#ifndef CMD_LESSON_PARTS_H
#define CMD_LESSON_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "cmd/options.h"

/* What to give, one after the other: with --all every lesson by name, else the recordings of a folder
 * by path, or what the command line names. NULL-terminated; free with own_files_free. */
char **lesson_parts(const struct options *);
/* How many files of the folder that is named are called sessions, and are none. lesson_parts says which, on standard
 * error. */
size_t lesson_parts_left_out(const struct options *);
/* Is it a session file? */
bool lesson_is_recording(const char *path);
/* -o with --all: makes the folder. Refused where it has recordings, unless forced. */
int lesson_record_folder(const struct options *, struct err *);
/* The file for lesson `number` (from 0) of those; NULL: it is not recorded. The caller frees it. */
char *lesson_record_path(const struct options *, size_t number, const char *lesson);

#endif
