/* The user's settings: $XDG_CONFIG_HOME/pagescape/config, or ~/.config/pagescape/config.
 *
 *   # as on the command line, which has precedence
 *   theme = contrast
 *   follow-forks = yes
 *   # keys of the screen
 *   key F5 = goto heap
 *   key Q = quit
 *   key q = nothing */
#ifndef CMD_SETTINGS_H
#define CMD_SETTINGS_H

#include "cmd/options.h"

/* Puts the settings into options that were not given on the command line. No file: does nothing.
 * -1 with err, which names the file and the line. */
int settings_read(struct options *, struct err *);

#endif
