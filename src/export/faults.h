/* A line, or a JSON object, per page fault. */
#ifndef EXPORT_FAULTS_H
#define EXPORT_FAULTS_H

#include <stdio.h>

#include "base/strbuf.h"
#include "event/event.h"
#include "export/fault_json.h"
#include "export/fault_tally.h"
#include "model/world.h"

struct fault_lines {
	struct sink sink;    /* first: takes events, prints faults, hands all on to the world */
	FILE *out, *program; /* the caller's; what the launched program writes goes to `program` */
	struct world *world; /* the caller's */
	bool json;
	bool processes;                     /* tell forks, execs and ends between the faults, too */
	bool tables;                        /* tables at the end in place of lines */
	uint64_t minor, major, fatal, lost; /* so far */
	struct fault_tally functions, regions, files;
	struct fault_json objects;
	struct strbuf line;
};

void fault_lines_init(struct fault_lines *, FILE *out, FILE *program, struct world *, bool json);
/* The tables, where they are wanted, and the last line. */
void fault_lines_print_summary(struct fault_lines *, bool user_only);
void fault_lines_fini(struct fault_lines *);

#endif
