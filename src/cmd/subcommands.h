/* The table of subcommands. A new one is one file with a `const struct subcommand`, and its name in subcommands.c. */
#ifndef CMD_SUBCOMMANDS_H
#define CMD_SUBCOMMANDS_H

#include "cmd/subcommand.h"

/* All of them, NULL-terminated; the first is the one without a name. */
const struct subcommand *const *subcommands_list(void);
/* The one of that name, or NULL. */
const struct subcommand *subcommands_find(const char *name);

#endif
