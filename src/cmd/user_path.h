/* Where the user's own files are (XDG Base Directory Specification). */
#ifndef CMD_USER_PATH_H
#define CMD_USER_PATH_H

/* The path of our file `name` in the directory that an environment variable names ("XDG_CONFIG_HOME"), or, if
 * that is not set, in `usual` (".config") below HOME. The caller frees it. NULL: neither is set. */
char *user_path(const char *variable, const char *usual, const char *name);

#endif
