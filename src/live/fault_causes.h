/* Why each fault happened: collects the facts about the process on which model/cause.h decides. */
#ifndef LIVE_FAULT_CAUSES_H
#define LIVE_FAULT_CAUSES_H

#include "live/decoded.h"
#include "live/growing.h"
#include "live/kinship.h"
#include "live/stack_growth.h"
#include "live/fault_pages.h"
#include "live/userfaults.h"
#include "model/cause.h"

struct fault_causes {
	struct watch *watch; /* the caller's, like the reader */
	struct reader *reader;
	struct kinship kinship;
	struct stack_growth growth;
	struct growing growing;
	struct userfaults userfaults;
	struct decoded decoded;
	bool unseen_zero; /* zero pages may have been mapped in memory that no look has read */
};

/* Everything that is passed in stays the caller's and lives longer. */
void fault_causes_init(struct fault_causes *, struct watch *, struct reader *, struct fault_intake *,
		       struct code_names *);
void fault_causes_fini(struct fault_causes *);

/* Notes that nobody shared memory with it when its rings were opened. */
void fault_causes_know_alone(struct fault_causes *);
/* Joins the family of the elder, which must live longer. */
void fault_causes_join(struct fault_causes *, struct fault_causes *elder);

/* Takes an event that is about to change the model. */
void fault_causes_note(struct fault_causes *, const struct event *, const struct process *);
/* Takes the same event after it has changed the model. */
void fault_causes_noted(struct fault_causes *, const struct event *, const struct process *);

/* Empties the rings of others of the family if they are filling. */
void fault_causes_relieve(struct fault_causes *, struct sink *);
/* For a batch of new faults, collects facts that would soon be gone. `readable`: as far as is known, the
 * memory in which they happened is still there; `ended`: the process can no longer be read. */
void fault_causes_prepare(struct fault_causes *, struct sink *, const struct process *, struct fault_batch *,
			  bool readable, bool ended);
/* Finds out what is registered with userfaultfd, as far as the batch needs it. */
void fault_causes_read(struct fault_causes *, const struct fault_pages *, const struct fault_batch *,
		       const struct space *);

/* What is known about the memory that a fault touched. */
struct fault_memory {
	const struct touch *touch;
	const uint8_t *sampled; /* registers and stack; NULL: not taken */
	const struct region_attr
	    *gone;         /* the region that it was in, if something else is there now; else NULL */
	bool mapped;       /* something was mapped there lately: new memory, or the same with other rights */
	uint64_t fresh_ns; /* CLOCK_MONOTONIC: when it was newly mapped; 0: not known */
	enum remap_growth growth;
	enum fault_moved moved;
	bool zero; /* if moved: there may have been zero pages in it */
};
/* The cause of a fault. The rings of the whole family may be emptied for it; `sink` then gets EVENT_LOST for
 * what they lost. */
struct cause fault_causes_infer(struct fault_causes *, struct sink *, const struct process *,
				const struct fault_record *, const struct fault_memory *);

#endif
