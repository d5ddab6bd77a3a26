/* --help. */
#ifndef CMD_OPTIONS_HELP_H
#define CMD_OPTIONS_HELP_H

#include <stdio.h>

struct subcommand;

/* Prints the help of a command. */
void options_print_help(FILE *, const struct subcommand *);

#endif
