/* Names of files. */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include <stdbool.h>

/* What follows the last slash, within `path`; all of it if there is no slash. */
const char *path_name(const char *path);
/* Does it mean standard input or output ("-")? */
bool path_is_standard(const char *path);

#endif
