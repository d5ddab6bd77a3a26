/* Small text files, read whole. */
#ifndef LESSON_TEXT_FILE_H
#define LESSON_TEXT_FILE_H

#include <stddef.h>

#include "base/err.h"

/* A regular file of at most 1 MiB, terminated by a NUL; the caller frees it. NULL with err. */
char *text_file_read(const char *path, size_t *length, struct err *);

#endif
