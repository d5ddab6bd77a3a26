/* Why each fault happened: collects the facts about the process that model/cause.h decides by. */
#ifndef LIVE_FAULT_CAUSES_H
#define LIVE_FAULT_CAUSES_H

#include "live/decoded.h"
#include "live/kinship.h"
#include "live/stack_growth.h"
#include "live/touches.h"
#include "live/userfaults.h"
#include "model/cause.h"

struct fault_causes {
	struct watch *watch; /* the caller's */
	struct kinship kinship;
	struct stack_growth growth;
	struct userfaults userfaults;
	struct decoded decoded;
};

/* Everything that is passed in stays the caller's and lives longer. */
void fault_causes_init(struct fault_causes *, struct watch *, struct reader *, struct fault_intake *,
		       struct code_names *);
void fault_causes_fini(struct fault_causes *);

/* An event that is about to change the model, and */
void fault_causes_note(struct fault_causes *, const struct event *, const struct process *);
/* that has changed it. */
void fault_causes_noted(struct fault_causes *, const struct event *, const struct process *);

/* The cause of a fault. `gone` is the region that it was in, if something else is there now; else NULL. The
 * rings of the whole family may be emptied for it; `sink` then gets EVENT_LOST for what they lost. */
struct cause fault_causes_infer(struct fault_causes *, struct sink *, const struct process *,
				const struct fault_record *, const struct touch *,
				const struct region_attr *gone);

#endif
