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
	int fd;        /* of the event that it belongs to */
	void *map;     /* NULL: not yet there, or no such CPU */
	uint32_t wake; /* how many bytes in it wake us */
	struct faultring records;
	uint64_t next_ns;   /* time of its next fault, while draining */
	bool short_of_room; /* it was full during this drain, or reports that it was */
};

struct rings {
	struct ring *list; /* by kind, those of each by CPU */
	size_t count, cpu_count;
	size_t pages;           /* of a ring of minor faults; those of major ones are smaller */
	int epoll;              /* readable when they fill */
	bool stacks;            /* records are long */
	unsigned smaller;       /* how many times the size is divided by four */
	struct ring_pool *pool; /* where they come from; NULL: each belongs to its first event */
};

/* `stacks`: records are long. `smaller`: how many times the size is divided by four. `pool`: NULL for none.
 * 0, or -1 with err. */
int rings_init(struct rings *, bool stacks, unsigned smaller, struct ring_pool *pool, struct err *);
/* Frees all. The events that write into them must be closed. */
void rings_fini(struct rings *);
/* Unmaps all rings, for new ones. The events that wrote into them must be closed. */
void rings_release(struct rings *);
/* Takes over from another the rings of forks, exits and execs, and of children, in place of its own. */
void rings_adopt_tasks(struct rings *, struct rings *from);
/* Halves their size; false if they are as small as can be. Only while none is mapped. */
bool rings_shrink(struct rings *);
/* May they be replaced by larger ones? Not if lockable memory is short. */
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

/* Begins draining: takes note of what the kernel has written. The caller sets each ring's next_ns. */
void rings_begin(struct rings *);
/* Ends draining: gives the drained room back to the kernel. Is there a ring of faults that had no room for a
 * record of `record` bytes by then? Notes which. */
bool rings_end(struct rings *, size_t record);
/* Does a ring of faults fill faster than it is emptied? Asking does not empty it. */
bool rings_any_filling(const struct rings *);
/* Is there a ring of faults without room for a record of `record` bytes? Notes which. */
bool rings_any_full(struct rings *, size_t record);
/* The ring that events of a kind on a CPU write into. */
const struct ring *rings_at(const struct rings *, enum ring_kind, size_t cpu);
/* Is there such a ring among those of children? */
bool rings_any_heirs_full(const struct rings *, size_t record);
/* The ring with the earliest next fault. *up_to is the time from which another ring's fault comes first, so
 * that this has to be called again. NULL if no ring has a fault up to `until_ns`. */
struct ring *rings_earliest(struct rings *, uint64_t until_ns, uint64_t *up_to);

#endif
