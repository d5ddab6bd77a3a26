/* Why each fault happened: collects the facts about the process that model/cause.h decides by. */
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
	bool unseen_zero; /* the zero page may have come into memory that nobody has looked at */
};

/* Everything that is passed in stays the caller's and lives longer. */
void fault_causes_init(struct fault_causes *, struct watch *, struct reader *, struct fault_intake *,
		       struct code_names *);
void fault_causes_fini(struct fault_causes *);

/* When its rings were opened, nobody shared memory with it. */
void fault_causes_know_alone(struct fault_causes *);
/* It is of the family of the elder, which lives longer. */
void fault_causes_join(struct fault_causes *, struct fault_causes *elder);

/* An event that is about to change the model, and */
void fault_causes_note(struct fault_causes *, const struct event *, const struct process *);
/* that has changed it. */
void fault_causes_noted(struct fault_causes *, const struct event *, const struct process *);

/* The rings of others of the family are emptied if they are filling. */
void fault_causes_relieve(struct fault_causes *, struct sink *);
/* Faults came, in a batch: finds out about them what would soon be gone. `readable`: the memory in which they happened
 * is still there, as far as is known; `ended`: the process can no longer be read. */
void fault_causes_prepare(struct fault_causes *, struct sink *, const struct process *, struct fault_batch *,
			  bool readable, bool ended);
/* Finds out what is registered with userfaultfd, as far as the batch needs it. */
void fault_causes_read(struct fault_causes *, const struct fault_pages *, const struct fault_batch *,
		       const struct space *);

/* What is known of the memory that a fault touched. */
struct fault_memory {
	const struct touch *touch;
	const uint8_t *sampled; /* registers and stack; NULL: not taken */
	const struct region_attr
	    *gone;         /* the region that it was in, if something else is there now; else NULL */
	bool mapped;       /* something was mapped there lately: new memory, or the same with other rights */
	uint64_t fresh_ns; /* when it was newly mapped, of the clock; 0: not known */
	enum remap_growth growth;
	enum fault_moved moved;
	bool zero; /* if moved: there may have been zero pages in it */
};
/* The cause of a fault. The rings of the whole family may be emptied for it; `sink` then gets EVENT_LOST for
 * what they lost. */
struct cause fault_causes_infer(struct fault_causes *, struct sink *, const struct process *,
				const struct fault_record *, const struct fault_memory *);

#endif
