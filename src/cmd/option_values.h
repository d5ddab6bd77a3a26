/* Parses the values of options into members of struct options. */
#ifndef CMD_OPTION_VALUES_H
#define CMD_OPTION_VALUES_H

#include <stdint.h>

#include "base/err.h"

/* Puts the value of the option `name` into a member; text is NULL for an option without argument. Returns 0, or -1
 * with ERR_USAGE. */
typedef int option_parser(void *member, const char *name, const char *text, struct err *err);

option_parser option_flag;     /* bool */
option_parser option_text;     /* const char *, which points into the text */
option_parser option_commands; /* const char *: commands of the screen */
option_parser option_pids;     /* struct options_pids: one or more are added */
option_parser option_interval; /* uint64_t, ns */
option_parser option_sample;   /* uint32_t */
option_parser option_seconds;  /* uint64_t, ns */
/* const char *: absolute paths, separated by colons; never freed */
option_parser option_paths;
option_parser option_top;   /* enum export_top */
option_parser option_theme; /* const struct theme * */
option_parser option_view;  /* enum export_view */
option_parser option_size;  /* int columns, followed by int rows */
option_parser option_speed; /* double */

/* Parses seconds, such as "1.25" (a point in every language), into nanoseconds. Returns 0 or -1. */
int options_seconds(const char *text, uint64_t *ns);

#endif
