/* What a verdict is based on. */
#ifndef VERDICT_FACTS_H
#define VERDICT_FACTS_H

#include "verdict/amounts.h"
#include "verdict/arrivals.h"
#include "model/world.h"
#include "verdict/owners.h"

struct facts {
	const struct process *process; /* the process that it is about; must live as long */
	const struct world *world;     /* the watched processes; NULL: not known */
	uint64_t now_ns;               /* the time of the picture */
	uint64_t
	    at_end; /* for a process that has ended, if the facts are from when it was largest: bytes resident at its end; KERNEL_NONE: the facts are current, or from its end */
	struct amounts amounts;
	struct owners owners;
	struct arrivals arrivals;
};

/* The process as it is last known, if the picture is of an earlier moment. */
static inline const struct process *facts_last(const struct facts *f)
{
	const struct process *last = f->world ? world_find(f->world, f->process->pid) : NULL;

	return last ? last : f->process;
}
/* Has the process ended? The picture may be of an earlier moment. */
static inline bool facts_ended(const struct facts *f)
{
	return f->at_end < KERNEL_NONE || !process_alive(f->process);
}

#endif
