/* A line of text per change: what watching prints where there is no terminal. */
#ifndef EXPORT_LINES_H
#define EXPORT_LINES_H

#include <stdio.h>

#include "base/strbuf.h"
#include "event/event.h"
#include "model/world.h"

struct lines {
	struct sink sink;     /* first: takes events, prints, hands them on to the world */
	FILE *out;            /* the caller's */
	struct world *world;  /* the caller's: what was so before an event is asked of it */
	struct strbuf output; /* the program's line that has no end yet, and whose it is */
	int32_t output_pid;
	struct strbuf line; /* the line being put together */
};

void lines_init(struct lines *, FILE *out, struct world *);
/* Prints what is left of the program's output and lets the memory go. */
void lines_fini(struct lines *);

#endif
