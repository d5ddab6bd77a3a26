/* Commands: which process is shown, and two side by side. */
#ifndef UI_COMMAND_PROCESS_H
#define UI_COMMAND_PROCESS_H

#include "ui/command.h"

extern const struct command_group command_process;

#endif
