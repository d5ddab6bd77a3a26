/* What kin.h keeps: for the files that note it and that answer questions about it. */
#ifndef KERN_PERF_KIN_NODES_H
#define KERN_PERF_KIN_NODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/runs.h"
#include "kern/perf/kin_faults.h"

#define NODES_MAX 1024
#define NONE UINT32_MAX
#define FOREVER UINT64_MAX
#define GONE_NS UINT64_C(1000000) /* the unit of node.gone, */
#define GONE_REPLACED (1u << 31)  /* a mark in it: something else may be there, and since when is not known */

struct node {
	int32_t pid;
	uint32_t parent; /* NONE: of the first */
	uint32_t threads;
	uint64_t born_ns;
	uint64_t left_ns;   /* it ended, or became another program */
	uint64_t forked_ns; /* when it last forked, if its children were forgotten */
	uint64_t blind_ns;  /* not all that it did before that was seen; 0: it was */
	uint64_t deaf_ns;   /* nor were all its forks before that seen */
	uint64_t rings_ns;  /* since when it has rings of its own; 0: it has none */
	bool watched;       /* its faults come */
	bool reported;      /* ... even if it is not watched, since its birth */
	bool apart;         /* it is known to have memory of its own */
	int32_t forker;     /* the thread that forked it; 0: not known */
	bool vfork;         /* it runs in its parent's memory */
	struct runs *gone; /* by page: milliseconds since base_ns when it was found gone; 0: never; or NULL */
	uint64_t base_ns;
};

struct kin {
	struct node *nodes;
	size_t count, cap;
	struct kin_faults faults;
	bool too_many; /* there are more than have a node */
	bool held;     /* every process that is forked is held until it is announced */
	bool heirs;    /* the faults of each that is forked come from its birth */
	bool vforks;   /* some have run in the memory of others */
	uint64_t forks;
	uint64_t trimmed_ns; /* what mattered only before that is forgotten */
	uint64_t alone_ns;   /* the last fault that was not kept, as there was only one process */
};

/* The node of a process at a time; NONE: it has none. */
uint32_t kin_find(const struct kin *, int32_t pid, uint64_t time_ns);
/* The node in whose memory a node runs: itself, or one above it. */
uint32_t kin_memory_of(const struct kin *, uint32_t node);
/* Does the other node run in the memory of this one, which has its own? */
bool kin_is_in_memory(const struct kin *, uint32_t other, uint32_t memory);

#endif
