/* What a verdict is based on. */
#ifndef VERDICT_FACTS_H
#define VERDICT_FACTS_H

#include "verdict/amounts.h"
#include "verdict/arrivals.h"
#include "verdict/owners.h"

struct facts {
	const struct process *process; /* the process that it is about; must live as long */
	uint64_t now_ns;               /* the time of the picture */
	struct amounts amounts;
	struct owners owners;
	struct arrivals arrivals;
};

#endif
