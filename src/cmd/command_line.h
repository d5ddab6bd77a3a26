/* From the words of the command line to options. */
#ifndef CMD_COMMAND_LINE_H
#define CMD_COMMAND_LINE_H

#include "base/err.h"
#include "cmd/options.h"

/* Parses argv; the options point into it. Returns 0, or -1 with ERR_USAGE. */
int command_line_parse(struct options *, int argc, char **argv, struct err *);
/* Sets what the command line has not: the option of this name, of those that can be set so. A flag's
 * text is "yes" or "no". The options may point into the text. Returns 0, or -1 with ERR_USAGE. */
int command_line_set(struct options *, const char *name, const char *text, struct err *);

#endif
