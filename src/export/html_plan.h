/* What a page for a browser will have room for: determined in a first reading of all events, so that the
 * second one needs no more memory than the page itself.
 *
 * Each region gets units: a page each, or in a large region a power of two of pages. A unit is a cell that
 * the browser draws. */
#ifndef EXPORT_HTML_PLAN_H
#define EXPORT_HTML_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "event/event.h"

#define HTML_PLAN_UNITS_MAX (1u << 19)
#define HTML_PLAN_UNITS_OF_REGION (1u << 17)
#define HTML_PLAN_REGIONS_MAX 20000
#define HTML_PLAN_PROCESSES_MAX 10000

/* A region from its birth to its end, with all pages that it ever had. */
struct plan_region {
	uint32_t process; /* index */
	uint64_t id;
	uint64_t first, end;       /* pages */
	uint64_t born_ns, died_ns; /* died_ns UINT64_MAX: it lives */
	uint8_t kind, perms;
	unsigned shift; /* 2^shift pages a unit */
	uint32_t unit, units;
	char *name, *path; /* printable */
};

/* What ran under a pid; an exec is the same process. */
struct plan_process {
	int32_t pid, parent;
	unsigned page_shift;
	uint64_t born_ns;
	size_t regions_from; /* its first region, if any, is at this index of the plan's or later */
	char *command;       /* the latest, printable */
};

struct plan {
	struct plan_region *regions; /* in the order of their birth */
	size_t region_count, region_cap;
	struct hash by_id; /* of process and id: index + 1 */
	struct plan_process *processes;
	size_t process_count, process_cap;
	struct hash by_pid; /* index + 1 of each process that had the pid */
	uint64_t begin_ns, end_ns;
	uint64_t faults;
	uint64_t left_out; /* regions beyond HTML_PLAN_REGIONS_MAX */
	/* beyond HTML_PLAN_PROCESSES_MAX: each pid once, with the number of processes so far */
	struct plan_late {
		int32_t pid;
		size_t seen;
	} * late;
	size_t late_count, late_cap;
	struct hash late_by_pid; /* index + 1 */
	uint64_t late_processes; /* how many processes are left out */
	uint32_t units;
};

/* An empty plan. */
void plan_init(struct plan *);
void plan_fini(struct plan *);
/* Takes an event in the first reading. */
void plan_take(struct plan *, const struct event *);
/* After it: shares out the units. */
void plan_share_out(struct plan *);

/* The index of the process of an event; `seen`: the number of EVENT_PROCESS without exec up to and including
 * it. -1: none. */
int plan_process(const struct plan *, int32_t pid, size_t seen);
/* The region of a process by its id; NULL: it was left out. */
const struct plan_region *plan_region(const struct plan *, int process, uint64_t id);

#endif
