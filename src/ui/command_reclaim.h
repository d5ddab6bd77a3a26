/* Commands: evicting, dropping and writing back pages of the watched process. */
#ifndef UI_COMMAND_RECLAIM_H
#define UI_COMMAND_RECLAIM_H

#include "ui/command.h"

extern const struct command_group command_reclaim;

#endif
