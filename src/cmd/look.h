/* One look at a process, into a world. */
#ifndef CMD_LOOK_H
#define CMD_LOOK_H

#include "kern/reader.h"
#include "model/world.h"

/* Reads everything once: who it is, its regions, their pages, which sources there are. */
int look_at(struct reader *, int32_t pid, struct world *, struct err *);

#endif
