/* A format that sessions are turned into: one file, and one row in exporter.c.
 *
 * An exporter gets all events in order, each before the world does (event/sink.h): the world has what was so before,
 * the event what is so from now on. Names of code come from `names`, which knows later ones too. */
#ifndef EXPORT_EXPORTER_H
#define EXPORT_EXPORTER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "event/event.h"
#include "export/export_names.h"
#include "model/world.h"

/* What stands above the stacks of faults. */
enum export_top {
	EXPORT_TOP_USUAL,   /* nothing, or what the format has for processes */
	EXPORT_TOP_PROCESS, /* "demo-4242" */
	EXPORT_TOP_REGION,  /* the one that was touched: "[heap]", "libc.so.6", "anon" */
};

/* What an exporter is given. All of it is the caller's, and good until the exporter is closed. */
struct export_job {
	FILE *out;        /* NULL for a format that makes_file */
	const char *path; /* of the output, raw; NULL: standard output */
	const char *from; /* the session's name, raw */
	const struct world *world;
	const struct export_names *names; /* of the whole session */
	uint64_t wall_ns;                 /* time 0, ns since 1970; 0: not known */
	enum export_top top;
};

struct exporter {
	const char *name, *help; /* help: a few words; translatable */
	bool makes_file;         /* writes to the path itself; cannot write to a pipe */
	bool takes_span;         /* a part of the events will do, too */
	bool takes_top;          /* it has stacks, with a top level as asked for */
	/* Returns its context, or NULL with err. */
	void *(*open)(const struct export_job *, struct err *);
	/* Returns 0, or -1 with err to end the export. The caller checks `out` for errors. */
	int (*take)(void *, const struct event *, struct err *);
	/* Writes the rest after the last event, if nothing failed. Returns 0 or -1 with err. May be NULL. */
	int (*finish)(void *, struct err *);
	void (*close)(void *);
};

/* All of them, NULL-terminated. */
const struct exporter *const *exporter_list(void);
/* The one of that name, or NULL. */
const struct exporter *exporter_find(const char *name);

#endif
