/* Commands about changes: marks, and what differs from them. */
#ifndef UI_COMMAND_CHANGES_H
#define UI_COMMAND_CHANGES_H

#include "ui/command.h"

extern const struct command_group command_changes;

#endif
