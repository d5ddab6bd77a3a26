/* All watched processes, and the sink that keeps them up to date from events. */
#ifndef MODEL_WORLD_H
#define MODEL_WORLD_H

#include <stddef.h>
#include <stdint.h>

#include "event/sink.h"
#include "model/later_names.h"
#include "model/marks.h"
#include "model/process.h"

/* How many ended processes are kept, the latest ones, so that a program that forks endlessly takes no more
 * memory. The first process, and those alive, always stay. */
#define WORLD_ENDED_MAX 128

struct world {
	struct sink sink;           /* first: the world takes events */
	struct process **processes; /* in the order in which they came */
	size_t count, cap;
	struct process **by_pid; /* the same, sorted by pid */
	size_t by_pid_cap;
	uint64_t dropped; /* ended ones that were forgotten to make room */
	uint64_t now_ns;  /* time of the last event */
	uint64_t ticks;
	uint64_t generation;        /* goes up when anything on the screen changed */
	uint64_t family_generation; /* goes up when processes come, go, or get another parent */
	struct marks marks;
	const struct later_names *later; /* see world_use_later_names */
	/* large tables of cleared processes, kept for the next ones: moving back and forth in time would free
	 * and allocate them each time */
	struct stories spare_stories;
	struct fault_log spare_faults;
	uint64_t cleared_generation; /* no space before the last clearing had a greater one */
};

/* Empty. The caller frees it with world_destroy. */
struct world *world_create(void);
void world_destroy(struct world *);
/* Forgets all processes and marks, and what time it is: for going to another time. Pointers to processes
 * become invalid. Generations go on, so that comparing them shows the change. */
void world_clear(struct world *);
struct process *world_find(const struct world *, int32_t pid); /* or NULL */
/* Adds a process without an event. The world frees it, unless the caller sets `count` to 0 first. */
void world_add(struct world *, struct process *);
/* From now on each process finds the names that come later, as far as they are valid for it; not owned, NULL
 * for none. Call it again when more of them were read. */
void world_use_later_names(struct world *, const struct later_names *);
/* Applies an event. This may forget ended processes when a new one comes: keep pids across events, not
 * pointers. Events of a pid without an EVENT_PROCESS do nothing. An exec clears the space. */
void world_apply(struct world *, const struct event *);

#endif
