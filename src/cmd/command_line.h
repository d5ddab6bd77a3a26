/* Parses the command line into options. */
#ifndef CMD_COMMAND_LINE_H
#define CMD_COMMAND_LINE_H

#include "base/err.h"
#include "cmd/options.h"

/* Parses argv; the options point into it. Returns 0, or -1 with ERR_USAGE. */
int command_line_parse(struct options *, int argc, char **argv, struct err *);
/* Sets an option by name, if it may be a setting and is not on the command line. The text of a flag is "yes"
 * or "no". The options may point into the text. Returns 0, or -1 with ERR_USAGE. */
int command_line_set(struct options *, const char *name, const char *text, struct err *);

#endif
