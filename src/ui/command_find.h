/* Commands: finding a place by what is known of it. */
#ifndef UI_COMMAND_FIND_H
#define UI_COMMAND_FIND_H

#include "ui/command.h"

extern const struct command_group command_find;

#endif
