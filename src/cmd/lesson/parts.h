/* Which lessons or recordings to play, and the files that they are recorded to. */
#ifndef CMD_LESSON_PARTS_H
#define CMD_LESSON_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "cmd/options.h"

/* What to play, one after the other: with --all every lesson by name, else the recordings of a folder by
 * path, or what the command line names. NULL-terminated; free with own_files_free. */
char **lesson_parts(const struct options *);
/* How many files of the named folder have the extension of sessions but are none. lesson_parts prints them on
 * standard error. */
size_t lesson_parts_left_out(const struct options *);
/* Is it a session file? */
bool lesson_is_recording(const char *path);
/* -o with --all: makes the folder. Refused if it has recordings, unless forced. */
int lesson_record_folder(const struct options *, struct err *);
/* The file for lesson `number` (from 0) of those; NULL: it is not recorded. The caller frees it. */
char *lesson_record_path(const struct options *, size_t number, const char *lesson);

#endif
