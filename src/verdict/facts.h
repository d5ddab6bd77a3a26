/* What a verdict is based on. */
#ifndef VERDICT_FACTS_H
#define VERDICT_FACTS_H

#include "verdict/amounts.h"
#include "verdict/arrivals.h"
#include "model/world.h"
#include "verdict/owners.h"

struct facts {
	const struct process *process; /* the process that it is about; must live as long */
	const struct world *world;     /* the others that are watched; NULL: it is not known who they are */
	uint64_t now_ns;               /* the time of the picture */
	uint64_t
	    at_end; /* if it has ended, and this is how it was when it was largest: bytes resident at its end;
			    KERNEL_NONE: this is how it is, or was at its end */
	struct amounts amounts;
	struct owners owners;
	struct arrivals arrivals;
};

/* Has the process ended? The picture may be of an earlier moment. */
static inline bool facts_ended(const struct facts *f)
{
	return f->at_end < KERNEL_NONE || !process_alive(f->process);
}

#endif
