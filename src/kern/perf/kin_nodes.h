/* The data behind kin.h, for its two files alone: kin.c records it, kin_held.c answers questions about it. */
#ifndef KERN_PERF_KIN_NODES_H
#define KERN_PERF_KIN_NODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/runs.h"
#include "kern/perf/kin_faults.h"

#define KIN_NODES_MAX 1024
#define KIN_NONE UINT32_MAX
#define KIN_FOREVER UINT64_MAX
#define KIN_GONE_NS UINT64_C(1000000) /* the unit of node.gone, */
#define KIN_GONE_REPLACED                                                                                    \
	(1u << 31) /* a mark in it: something else may be there, and since when is not known */

struct kin_node {
	int32_t pid;
	uint32_t parent; /* KIN_NONE: of the first */
	uint32_t threads;
	uint64_t born_ns;
	uint64_t left_ns;   /* when it ended or called exec */
	uint64_t forked_ns; /* when it last forked, if its children were forgotten */
	uint64_t blind_ns;  /* not all that it did before that was seen; 0: everything was */
	uint64_t deaf_ns;   /* not all its forks before that were seen */
	uint64_t rings_ns;  /* since when it has rings of its own; 0: it has none */
	bool watched;       /* its faults are passed to kin_fault */
	bool reported;      /* ... even if it is not watched, since its birth */
	bool apart;         /* it is known to have memory of its own */
	int32_t forker;     /* the thread that forked it; 0: not known */
	bool vfork;         /* it runs in its parent's memory */
	bool strange;       /* what it shares with whom is not known: forks were not seen */
	struct runs *gone; /* by page: milliseconds since base_ns when it was found gone; 0: never; or NULL */
	uint64_t base_ns;
};

struct kin {
	struct kin_node *nodes;
	size_t count, cap;
	struct kin_faults faults;
	bool too_many; /* there are more processes than nodes */
	bool held;     /* every process that is forked is held until it is announced */
	bool heirs;    /* the faults of each forked process are reported from its birth */
	bool vforks;   /* some processes have run in the memory of others */
	uint64_t forks;
	uint64_t trimmed_ns; /* what mattered only before that is forgotten */
	uint64_t alone_ns;   /* the last fault that was not kept because there was only one process */
};

/* The node of a process at a time; KIN_NONE: it has none. */
uint32_t kin_find(const struct kin *, int32_t pid, uint64_t time_ns);
/* The node in whose memory a node runs: itself, or one above it. */
uint32_t kin_memory_of(const struct kin *, uint32_t node);
/* Does the other node run in the memory of this one, which has its own? */
bool kin_is_in_memory(const struct kin *, uint32_t other, uint32_t memory);

#endif
