/* Rings of perf events: for each CPU one of minor faults, one of major ones, one of forks, exits and execs,
 * one of what children touch, and a deep one, of a few faults with much of their stacks. */
#ifndef KERN_PERF_RINGS_H
#define KERN_PERF_RINGS_H

#include "base/err.h"
#include "kern/perf/faultring.h"
#include "kern/perf/ring_pool.h"

enum ring_kind {
	RING_MINOR,
	RING_MAJOR,
	RING_TASKS,
	RING_HEIRS,
	RING_DEEP,
	RING_KINDS,
};

struct ring {
	int fd;        /* of the event that owns it */
	void *map;     /* NULL: not yet there, or no such CPU */
	uint32_t wake; /* how many bytes in it wake us */
	struct faultring records;
	uint64_t next_ns; /* time of its next fault, while draining */
	bool
	    short_of_room; /* it was full in this draining, or reports that it was: events may have lost some */
};

struct rings {
	struct ring *list; /* by kind, those of each by CPU */
	size_t count, cpu_count;
	size_t pages;           /* of one of minor faults; those of major ones are smaller */
	int epoll;              /* readable when they fill */
	bool stacks;            /* records are long */
	unsigned smaller;       /* how many steps smaller than for one that is watched alone */
	struct ring_pool *pool; /* that they come from and go back to; NULL: each is its first event's own */
};

/* `stacks`: records are long; `smaller`: so many steps, each to a quarter; `pool`: NULL is none. -1 with err. */
int rings_init(struct rings *, bool stacks, unsigned smaller, struct ring_pool *pool, struct err *);
/* All events that write into them are closed. */
void rings_fini(struct rings *);
/* Lets go of them all; the events that wrote into them are closed. */
void rings_release(struct rings *);
/* Takes over the rings of forks, exits and execs, and of children, in place of its own. */
void rings_adopt_tasks(struct rings *, struct rings *from);
/* Halves their size; false if they are as small as can be. Only while none is mapped. */
bool rings_shrink(struct rings *);
/* May they be replaced by larger ones? Not where memory that may be locked is short. */
bool rings_may_grow(const struct rings *);
/* How many bytes in one should wake us. */
uint32_t rings_wake_bytes(const struct rings *);

/* How many bytes of a stack suit the deep rings. */
uint32_t rings_deep_bytes(const struct rings *);

enum rings_connected {
	RINGS_CONNECTED,
	RINGS_TOO_LARGE, /* it would lock more memory than it may: err says so */
	RINGS_FAILED,    /* err says why */
};
/* Lets an event write into the ring of its CPU, which is made if there is none. */
enum rings_connected rings_connect(struct rings *, int fd, size_t cpu, enum ring_kind, struct err *);
/* Is it one of major faults, of deep stacks, or of forks, exits and execs? */
bool rings_is_major(const struct rings *, const struct ring *);
bool rings_is_deep(const struct rings *, const struct ring *);
bool rings_is_of_tasks(const struct rings *, const struct ring *);
bool rings_is_of_heirs(const struct rings *, const struct ring *);

/* Takes over what the kernel has written. The caller finds each ring's next_ns. */
void rings_begin(struct rings *);
/* What was taken is the kernel's again. Is there one of faults that has no room for a record of so many bytes by then?
 * Notes which. */
bool rings_end(struct rings *, size_t record);
/* Does one that has faults fill faster than it is emptied? Checked without emptying it. */
bool rings_any_filling(const struct rings *);
/* Is there one of faults without room for a record of so many bytes? Notes which. */
bool rings_any_full(struct rings *, size_t record);
/* The ring that events of a kind on a CPU write into. */
const struct ring *rings_at(const struct rings *, enum ring_kind, size_t cpu);
/* ... of those of children? */
bool rings_any_heirs_full(const struct rings *, size_t record);
/* The ring with the earliest next fault, and the time up to which it is: from there on another ring's fault
 * comes first, and this has to be asked again. NULL if none has any up to `until_ns`. */
struct ring *rings_earliest(struct rings *, uint64_t until_ns, uint64_t *up_to);

#endif
