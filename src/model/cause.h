/* Why a page fault happened, and by what access: inferred from the page before and after,
 * its region, and whether a disk was waited for; the access, where the processor did not
 * report it, from the page, or else from what the instruction does. Where one of the two
 * pages was not seen, the cause is deduced from the rest, if only one is possible; else it is
 * unknown, and says why. */
#ifndef MODEL_CAUSE_H
#define MODEL_CAUSE_H

#include "event/event.h"

/* Who else has the frame of a page that was in common with another process since a fork. */
enum cause_others {
	CAUSE_OTHERS_LIKELY, /* none was seen to give it up */
	CAUSE_OTHERS_HOLD,
	CAUSE_OTHERS_GONE,
	CAUSE_OTHERS_UNKNOWN,
};

struct cause_facts {
	const struct region_attr *region; /* NULL: in none that is known */
	bool grown;                       /* the region held the address only after the fault */
	bool major;
	uint64_t address, ip;
	uint32_t was, now; /* page words; PAGE_UNKNOWN where not known */
	bool
	    between; /* one of them was not seen, but follows from what was before and after (cause_between) */
	uint32_t last; /* what the last fault of the page left, see cause_left; PAGE_UNKNOWN: none known */
	bool forked;   /* the process has forked, or was forked, and the page had no fault since */
	enum cause_others others; /* where it has */
	uint8_t userfault;        /* enum region_userfault, of the region */
	bool userfault_unsure;    /* that may have begun or ended, or nobody could look */
	bool whole;               /* it is watched since it began: no fork went unseen */
	bool has_access;          /* the kernel reported: */
	enum fault_access access;
	enum fault_access decoded; /* what its instruction does; FAULT_ACCESS_UNKNOWN: not known */
	bool present;              /* it also reported that the page was there, but not for this access */
};

struct cause {
	enum fault_cause cause;
	enum fault_access access;
	bool deduced;       /* the page was not seen both before and after: it follows from the rest */
	enum fault_why why; /* of an unknown cause */
	uint32_t was, now;  /* page words; PAGE_UNKNOWN where what is known of the access rules them out */
};

/* The cause of a fault that the kernel handled. */
struct cause cause_infer(const struct cause_facts *);

/* The word that a fault of this cause leaves its page with; PAGE_UNKNOWN where that is open. */
uint32_t cause_left(const struct event_fault *);

/* Of a touch that the kernel answered with a signal. */
struct fatal_facts {
	const struct region_attr *region; /* that holds the address; NULL: none */
	const struct region_attr *above;  /* the next one above it; NULL: none */
	uint64_t address, ip;
	int signal, code; /* SIGSEGV or SIGBUS, and what siginfo_t's si_code says of it */
	bool guard;       /* the page has the mark of a guard page */
	bool has_access;  /* the kernel reported: */
	enum fault_access access;
};
/* The cause of a touch that the kernel answered with a signal. */
struct cause cause_fatal(const struct fatal_facts *);

/* The page between two faults of one thread, when only what was before both and after both
 * is known: a page that was read and then written. PAGE_UNKNOWN if it cannot be known. */
uint32_t cause_between(uint32_t was, uint32_t now);

#endif
