/* All watched processes, and the sink that keeps them up to date from events. */
#ifndef MODEL_WORLD_H
#define MODEL_WORLD_H

#include <stddef.h>
#include <stdint.h>

#include "event/sink.h"
#include "model/calls.h"
#include "model/fault_log.h"
#include "model/profile.h"
#include "model/history.h"
#include "model/marks.h"
#include "model/names.h"
#include "model/output.h"
#include "model/fault_regions.h"
#include "model/space.h"
#include "model/stacks.h"
#include "model/stories.h"
#include "model/threads.h"

struct source_status {
	bool known, ok;
	char *why;
};

/* What it owns, process_copy copies: a new field goes there, too. */
struct process {
	int32_t pid;
	char **argv; /* raw, NULL-terminated, owned */
	char *comm, *exe;
	int bits;
	int address_bits;
	uint32_t uid;
	bool launched;
	enum process_status status;
	int status_code;
	bool has_counters;
	struct event_counters counters;
	uint64_t minor_base, major_base; /* the counters when the watch began */
	unsigned execs;
	uint64_t born_ns;    /* when its first event came */
	uint64_t ticks;      /* whole pictures of it */
	uint64_t changed_ns; /* time of the last event that changed anything shown: no tick */
	uint64_t lost;       /* events that could not be kept */
	struct space *space;
	struct stories stories;             /* who touched its pages last */
	struct fault_log faults;            /* one after the other */
	struct fault_regions fault_regions; /* the regions that they fell into */
	struct profile profile; /* which instructions brought in how many pages, since the last exec */
	uint64_t image_faults;  /* faults and calls of a lower number are of an image before the last */
	uint64_t image_calls;   /* exec: names are not of their code */
	struct stacks stacks;   /* of faults and calls */
	struct names *names;    /* of the code in faults and stacks */
	struct threads threads;
	struct calls calls; /* what it asked of the kernel */
	struct {
		bool known;     /* while it is paused */
		unsigned count; /* how often it has stopped */
		enum stop_why why;
		int32_t tid;
	} stop;
	int32_t parent;         /* a watched process that forked it; 0: none */
	struct history history; /* resident and faults over time */
	struct output output;   /* what it wrote to its terminal */
	struct source_status sources[SOURCE_KINDS];
};

/* Pictures of ended processes that are kept, the latest; of a program that forks without an
 * end, the older ones are forgotten. The first process, and those alive, always stay. */
#define WORLD_ENDED_MAX 128

struct world {
	struct sink sink;           /* first: the world takes events */
	struct process **processes; /* in the order in which they came */
	size_t count, cap;
	uint64_t dropped; /* ended ones that were forgotten to make room */
	uint64_t now_ns;  /* time of the last event */
	uint64_t ticks;
	uint64_t generation; /* one more when anything shown changed */
	struct marks marks;
	/* large tables of what was cleared, for what comes next: who goes to and fro in time would
	 * get them from the system and give them back each time */
	struct stories spare_stories;
	struct fault_log spare_faults;
	uint64_t cleared_generation; /* no space of before the last clearing had a greater one */
};

struct world *world_create(void);
void world_destroy(struct world *);
/* Forgets all processes and marks, and what time it is: for going to another time. Pointers to
 * processes are void; generations go on, so that who compares them sees the change. */
void world_clear(struct world *);
struct process *world_find(const struct world *, int32_t pid); /* or NULL */
/* May forget ended processes when a new one comes: keep pids, not pointers, over events.
 * Events of a pid that no EVENT_PROCESS told of do nothing. An exec clears the space. */
void world_apply(struct world *, const struct event *);

/* Does it still have memory to look at: running, stopped or paused? */
bool process_alive(const struct process *);

/* A picture of it that shares nothing with it. */
struct process *process_copy(const struct process *);
void process_destroy(struct process *);

#endif
