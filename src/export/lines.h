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
	const struct world *world; /* the caller's: what was before an event */
	struct strbuf output;      /* the unfinished line of a program, and its pid */
	int32_t output_pid;
	struct strbuf line; /* the line being made */
};

/* Prints to `out` each event before the world takes it (event/sink.h). Both stay the caller's. */
void lines_init(struct lines *, FILE *out, const struct world *);
/* Prints the rest of the program's output and frees memory. */
void lines_fini(struct lines *);

#endif
