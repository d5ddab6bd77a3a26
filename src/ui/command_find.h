/* Commands: finding a place by address, name or state. */
#ifndef UI_COMMAND_FIND_H
#define UI_COMMAND_FIND_H

#include "ui/command.h"

extern const struct command_group command_find;

#endif
