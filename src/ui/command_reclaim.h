/* Commands: pages of the watched process out of memory, and written back. */
#ifndef UI_COMMAND_RECLAIM_H
#define UI_COMMAND_RECLAIM_H

#include "ui/command.h"

extern const struct command_group command_reclaim;

#endif
