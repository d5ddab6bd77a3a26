/* Commands for the watched program: to pause, to read a line, to end. */
#ifndef UI_COMMAND_PROGRAM_H
#define UI_COMMAND_PROGRAM_H

#include "ui/command.h"

extern const struct command_group command_program;

/* Ends the program that was started here, and quits. */
void program_end(struct ui *);

#endif
