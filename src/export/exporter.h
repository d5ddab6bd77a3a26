/* A format that sessions are turned into: one file and one line in exporter.c's table.
 *
 * An exporter takes all events in order, each before the world takes it: what was so before is
 * asked of the world, what is so from now on of the event. What lies at an address of code is
 * asked of names_of, which knows names that come later, too. */
#ifndef EXPORT_EXPORTER_H
#define EXPORT_EXPORTER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "event/event.h"
#include "export/export_names.h"
#include "model/world.h"

/* What an exporter is given. All of it the caller's, good until it is closed. */
struct export_job {
	FILE *out;        /* where to; NULL for one that writes a file itself */
	const char *path; /* of the output, raw; NULL: standard output */
	const char *from; /* the session's name, raw */
	const struct world *world;
	const struct export_names *names; /* of the whole session */
	uint64_t wall_ns;                 /* time 0, ns since 1970; 0: not known */
};

struct exporter {
	const char *name, *help; /* help: translatable, a few words */
	bool makes_file;         /* writes to the path itself: no pipe */
	bool takes_span;         /* each event stands for itself: some of them will do */
	/* NULL with err where it cannot begin. */
	void *(*open)(const struct export_job *, struct err *);
	/* -1 with err: it goes no further. What cannot be written to `out` the caller sees. */
	int (*take)(void *, const struct event *, struct err *);
	/* After the last event, only if nothing failed: what is written at the end. NULL: nothing is. */
	int (*finish)(void *, struct err *);
	void (*close)(void *);
};

extern const struct exporter export_jsonl, export_csv, export_csv_faults, export_sqlite, export_folded;

/* All of them, NULL-terminated. */
const struct exporter *const *exporter_list(void);
/* NULL: none of that name. */
const struct exporter *exporter_find(const char *name);

#endif
