/* Commands: the screen as a file. */
#ifndef UI_COMMAND_PICTURE_H
#define UI_COMMAND_PICTURE_H

#include "ui/command.h"

extern const struct command_group command_picture;

#endif
