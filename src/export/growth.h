/* How a process's memory grew: its pages by state and by region, and its faults, at up to GROWTH_POINTS moments
 * of a session, evenly spread. */
#ifndef EXPORT_GROWTH_H
#define EXPORT_GROWTH_H

#include "base/texts.h"
#include "model/world.h"

#define GROWTH_POINTS 1024
#define GROWTH_NAMES 2048 /* more regions' names than that are one, GROWTH_REST */

struct growth_point {
	uint64_t time_ns;
	uint64_t counts[PAGE_STATES]; /* pages */
	uint64_t minor, major;        /* faults since the watch began, by the kernel's counters */
	uint64_t *resident;           /* pages by name, `names` of them; NULL: not asked for */
	size_t names;
};

struct growth {
	int32_t pid;
	bool by_name;
	uint64_t period_ns; /* between points, at least */
	uint64_t last_ns;   /* of the last event */
	struct growth_point points[GROWTH_POINTS];
	size_t count;
	struct texts names; /* of regions, printable: "[heap]", "libc.so.6", "anon"; the first is "" */
};

/* The name for what did not fit: index 0, even if there is none. */
#define GROWTH_REST 0

/* For the process `pid` (0: the first that comes); `by_name`: by region, too. */
void growth_init(struct growth *, int32_t pid, bool by_name);
void growth_fini(struct growth *);
/* Takes an event, and adds a point for the process (NULL: there is none yet) when its picture is whole and a
 * point is due. */
void growth_take(struct growth *, const struct process *, const struct event *);
/* Adds the last point, at the last event. */
void growth_end(struct growth *, const struct process *);

#endif
