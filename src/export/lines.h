/* A line of text per change: what watching prints without a terminal. */
#ifndef EXPORT_LINES_H
#define EXPORT_LINES_H

#include <stdio.h>

#include "base/strbuf.h"
#include "event/sink.h"
#include "model/world.h"

struct lines {
	struct sink sink;          /* first: prints an event before the world takes it */
	FILE *out;                 /* the caller's */
	const struct world *world; /* the caller's: what was so before an event is asked of it */
	struct strbuf output;      /* the program's line that has no end yet, and whose it is */
	int32_t output_pid;
	struct strbuf line; /* the line being put together */
};

void lines_init(struct lines *, FILE *out, const struct world *);
/* Prints what is left of the program's output and lets the memory go. */
void lines_fini(struct lines *);

#endif
