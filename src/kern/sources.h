/* Which sources of data there are for a reader. */
#ifndef KERN_SOURCES_H
#define KERN_SOURCES_H

#include "kern/reader_state.h"

/* Tries each, and fills in what is there and the reason where something is not. */
void sources_try(struct reader *);

#endif
