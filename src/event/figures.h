/* The kernel's own figures of a process, which page states do not show: what RSS does not include (page
 * tables, the charge of its memory cgroup), limits, the sums of each region, NUMA nodes, where its threads'
 * stacks are. They are read only on demand, because that costs more than a look. */
#ifndef EVENT_FIGURES_H
#define EVENT_FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/region.h"

/* In bytes, unless the comment says "how many". */
enum kernel_figure {
	KERNEL_SIZE,              /* of all regions */
	KERNEL_RSS,               /* as in status: off by some pages where the kernel counts per processor */
	KERNEL_RSS_PEAK,          /* the highest that it has been */
	KERNEL_RSS_SHARED,        /* the shared memory in it */
	KERNEL_PAGE_TABLES,       /* the process's own page tables */
	KERNEL_LOCKED_SIZE,       /* size of the regions that are locked */
	KERNEL_PINNED,            /* pinned by a device or by the kernel */
	KERNEL_SWAPPED,           /* in swap, without shared memory */
	KERNEL_STACK_LIMIT,       /* soft limit of the main stack, what glibc gives a thread */
	KERNEL_REGIONS_MAX,       /* how many regions a process may have */
	KERNEL_MACHINE_MEMORY,    /* of the whole machine */
	KERNEL_MACHINE_SWAP,      /* all swap space; 0: there is none */
	KERNEL_MACHINE_SWAP_FREE, /* ... of it, what holds nothing */
	KERNEL_CGROUP_CHARGE,     /* what the memory cgroup is charged, with those below it */
	KERNEL_CGROUP_LIMIT,      /* the lowest limit on the way up */
	KERNEL_CGROUP_ANON,       /* of the charge: private memory */
	KERNEL_CGROUP_FILE,       /* ... page cache, including shared memory */
	KERNEL_CGROUP_SHARED,     /* ... shared memory, part of the page cache */
	KERNEL_CGROUP_MAPPED,     /* ... page cache that any process maps */
	KERNEL_CGROUP_KERNEL,     /* ... the kernel's own: page tables, stacks, slabs */
	KERNEL_CGROUP_PROCESSES,  /* how many processes are in it, not counting groups below */
	KERNEL_HUGE_READ,         /* in resident huge pages: bytes that were read to look for zeroes */
	KERNEL_HUGE_ZERO,         /* ... of these, small pages that are all zero */
	KERNEL_MALLOC_USED,       /* of malloc's heaps, as far as their chunks were read: in use, */
	KERNEL_MALLOC_FREE,       /* ... free, without the tops, */
	KERNEL_MALLOC_TOP,        /* ... and their tops */
	KERNEL_MALLOC_TRIMMABLE,  /* resident pages that lie within free chunks and tops */
	KERNEL_FIGURES,
};
#define KERNEL_UNKNOWN UINT64_MAX
#define KERNEL_NONE (UINT64_MAX - 1) /* of a limit: there is none */

static inline bool figure_known(uint64_t value)
{
	return value < KERNEL_NONE;
}

/* "page_tables": as in JSON, never translated. */
const char *figure_name(enum kernel_figure);

/* What is read together, and refused together. */
enum figure_group {
	FIGURES_STATUS, /* /proc/PID/status, limits */
	FIGURES_SUMS,   /* smaps */
	FIGURES_CGROUP,
	FIGURES_NODES,  /* numa_maps */
	FIGURES_STACKS, /* stack pointers of threads */
	FIGURES_BYTES,  /* what is read from the process's memory, if asked for */
	FIGURE_GROUPS,
};
/* "sums": as in JSON, never translated. */
const char *figure_group_name(enum figure_group);

/* Where the stack pointer of a thread was while the thread waited in the kernel. */
struct stack_pointer {
	int32_t tid;
	uint64_t address;
};
#define FIGURES_STACKS_MAX 16384 /* threads that are read, at most */
#define FIGURES_NODES_MAX 1024   /* as many as Linux can have (MAX_NUMNODES) */

struct kernel_figures {
	uint64_t values[KERNEL_FIGURES];
	bool refused[FIGURE_GROUPS]; /* a group could not be read */
	char *why[FIGURE_GROUPS];    /* the reason if it was refused, one translated line; else NULL */
	char *cgroup;                /* path of the memory cgroup, raw; NULL: not known */
	struct region_sums *sums;    /* by address */
	size_t sums_count;
	struct stack_pointer *stacks;
	size_t stacks_count;
	uint64_t *nodes; /* bytes resident on each NUMA node */
	size_t nodes_count;
};

/* All unknown, no reasons. */
void kernel_figures_init(struct kernel_figures *);
void kernel_figures_fini(struct kernel_figures *);
/* A deep copy. */
struct kernel_figures kernel_figures_copy(const struct kernel_figures *);
/* About how many bytes it takes. */
uint64_t kernel_figures_size(const struct kernel_figures *);
/* Notes why a group is not known; the text is copied. */
void kernel_figures_refuse(struct kernel_figures *, enum figure_group, const char *why);

#endif
