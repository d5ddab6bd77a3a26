/* Commands: the list of regions: order, folding, filter. */
#ifndef UI_COMMAND_REGIONS_H
#define UI_COMMAND_REGIONS_H

#include "ui/command.h"

extern const struct command_group command_regions;

#endif
