/* A line, or a JSON object, per page fault. */
#ifndef EXPORT_FAULT_LINES_H
#define EXPORT_FAULT_LINES_H

#include <stdio.h>

#include "base/strbuf.h"
#include "event/sink.h"
#include "event/source.h"
#include "export/event_json.h"
#include "export/fault_tables.h"
#include "model/event_filter.h"
#include "model/world.h"

/* For the last line: how many there were, and what is not known about some. */
struct fault_sums {
	uint64_t minor, major, fatal, lost;
	uint64_t lost_processes; /* processes of a family that were not watched */
	uint64_t left_out;       /* by the filter */
	uint64_t unsampled;      /* whose stacks were not sampled, because there were too many */
	uint64_t unsurrounded;   /* of files, for which it was not seen which neighbours came in, too */
	uint64_t stackless;      /* whose stack was sampled but dropped, because too many were waiting */
	uint64_t uncoded;        /* whose access was inferred although the processor's codes are available */
	bool codes_were_off;     /* at times: faults came too fast for them */
};

struct fault_lines {
	struct sink sink;          /* first: prints faults before the world takes them */
	FILE *out, *program;       /* the caller's; what the launched program writes goes to `program` */
	const struct world *world; /* the caller's */
	bool json;
	bool processes;         /* print forks, execs and ends between the faults, too */
	bool stacks;            /* below each line its callers; JSON has them anyway */
	bool summary;           /* tables at the end, instead of lines */
	struct fault_sums sums; /* so far */
	struct fault_tables tables;
	struct event_filter *filter; /* which faults, the rest are only counted; the caller's; NULL: all */
	struct fault_json *objects;
	struct strbuf line;
};

/* Lines go to `out`, as JSON if `json`; what the program writes goes to `program`. All of
 * it stays the caller's. */
void fault_lines_init(struct fault_lines *, FILE *out, FILE *program, const struct world *, bool json);
/* For people: a line that names what each line of a fault has. Programs read none. */
void fault_lines_print_header(const struct fault_lines *);
/* Prints the tables, if wanted, and the last line. The source is as in fork_report_print. */
void fault_lines_print_summary(struct fault_lines *, struct source *, bool user_only);
void fault_lines_fini(struct fault_lines *);

#endif
