/* Commands: faults and calls: their list, one page's biography, stacks, functions. */
#ifndef UI_COMMAND_EVENTS_H
#define UI_COMMAND_EVENTS_H

#include <stdbool.h>

#include "ui/command.h"

extern const struct command_group command_events;

/* Enter and Escape in the lists of events and functions: whether they had a use for it. */
bool events_enter_line(struct ui *);
bool events_escape(struct ui *);

#endif
