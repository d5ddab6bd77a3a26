/* Commands: moving the program forward by faults and calls. */
#ifndef UI_COMMAND_STEP_H
#define UI_COMMAND_STEP_H

#include "ui/command.h"

extern const struct command_group command_step;

/* Begins the next queued step, once the one before has stopped: call it after the picture of that stop. */
void step_go_on(struct ui *);

#endif
