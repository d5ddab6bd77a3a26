/* Commands: moving the program forward by faults and calls. */
#ifndef UI_COMMAND_STEP_H
#define UI_COMMAND_STEP_H

#include "ui/command.h"

extern const struct command_group command_step;

/* Takes the next of the steps that wait, when the one before has come to its stop: to be called
 * after the picture of that. */
void step_go_on(struct ui *);

#endif
