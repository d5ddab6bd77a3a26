/* Commands about faults and calls: their list, one page's biography, stacks, functions. */
#ifndef UI_COMMAND_EVENTS_H
#define UI_COMMAND_EVENTS_H

#include "ui/command.h"

extern const struct command_group command_events;

#endif
