/* Where files of the user's own are (XDG Base Directory Specification). */
#ifndef CMD_USER_PATH_H
#define CMD_USER_PATH_H

/* The path of our file `name` in the directory that the environment variable has ("XDG_CONFIG_HOME"), or, where that is not
 * set, in `usual` under HOME (".config"). The caller frees it. NULL: neither leads anywhere. */
char *user_path(const char *variable, const char *usual, const char *name);

#endif
