/* Where the files that belong to pagescape are: in the build tree, when it runs from there, else where
 * they were installed. */
#ifndef CMD_OWN_FILES_H
#define CMD_OWN_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* Fills in the directory of this program; false unless it is the src of a build tree, where the program was
 * not installed. */
bool own_files_build_directory(char *path, size_t size);

/* Folders where lessons are looked for, in order: $PAGESCAPE_LESSONS, the build tree's, the installed
 * ones. NULL-terminated; free with own_files_free. */
char **own_files_lesson_roots(void);
void own_files_free(char **list);

/* The folder of the message catalogues, for language_begin; the caller frees it. */
char *own_files_messages(void);

#endif
