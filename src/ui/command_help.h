/* Commands: help and leaving. */
#ifndef UI_COMMAND_HELP_H
#define UI_COMMAND_HELP_H

#include "ui/command.h"

extern const struct command_group command_help;

#endif
