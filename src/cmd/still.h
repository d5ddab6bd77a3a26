/* A source without events and answers, for a still picture. */
#ifndef CMD_STILL_H
#define CMD_STILL_H

#include "event/source.h"

/* A shared instance; destroying it does nothing. */
struct source *still_source(void);

#endif
