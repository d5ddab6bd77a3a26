/* The screen as the options want it. */
#ifndef CMD_SCREEN_H
#define CMD_SCREEN_H

#include "cmd/options.h"
#include "ui/ui.h"

struct ui_options screen_options(const struct options *);

#endif
