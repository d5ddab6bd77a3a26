/* Commands: moving in the time of a recording; marks and notes. */
#ifndef UI_COMMAND_TIME_H
#define UI_COMMAND_TIME_H

#include "ui/command.h"

extern const struct command_group command_time;

/* Toggles between playing and stopped. */
void time_play(struct ui *);
/* Moves forward by columns of the timeline; goes to part `part` of `parts`. */
void time_scroll(struct ui *, int columns);
void time_seek_part(struct ui *, int part, int parts);
/* Reports a damaged span of the recording that was found or come upon since the last call. */
void time_report_gap(struct ui *);
/* Asks for a time to go to. */
void time_ask(struct ui *);

#endif
