/* A source where nothing happens and that answers nothing, for a still picture. */
#ifndef CMD_STILL_H
#define CMD_STILL_H

#include "event/source.h"

/* There is one for all; destroying it does nothing. */
struct source *still_source(void);

#endif
