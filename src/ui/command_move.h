/* Commands: moving about: cells, lines and pages, regions; Enter and Escape. */
#ifndef UI_COMMAND_MOVE_H
#define UI_COMMAND_MOVE_H

#include "ui/command.h"

extern const struct command_group command_move;

#endif
