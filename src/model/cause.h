/* Why a page fault happened, and by what access: inferred from the page before and after, its region, and
 * whether the process waited for a disk. If the processor did not report the access, it follows from the
 * page, or else from what the instruction does. If the page was not seen both before and after, the cause is
 * deduced from the rest if only one is possible; otherwise it is unknown, with the reason. */
#ifndef MODEL_CAUSE_H
#define MODEL_CAUSE_H

#include "event/event.h"

/* Whether another process still holds the frame of a page that was shared since a fork. */
enum cause_others {
	CAUSE_OTHERS_LIKELY, /* probably: none was seen to give it up */
	CAUSE_OTHERS_HOLD,
	CAUSE_OTHERS_GONE,
	CAUSE_OTHERS_UNKNOWN,
};

/* What the kernel reported about the access, from the processor's error code. */
struct cause_reported {
	bool known;
	enum fault_access access;
	bool present; /* the page was there, but did not allow this access */
};

/* Did mremap move the page to its address as it was, without anybody having looked at it since? */
enum cause_moved {
	CAUSE_MOVED_NOT,
	CAUSE_MOVED,
	CAUSE_MOVED_ABSENT, /* yes, but it follows that it was not there */
};

/* What its region is registered for with userfaultfd. */
struct cause_userfault {
	uint8_t modes; /* enum region_userfault */
	bool unsure;   /* that was not so at both looks around the fault, or it was not read */
};

/* Did the region contain the address only after the fault? */
enum cause_grown {
	CAUSE_GROWN_NOT,
	CAUSE_GROWN,
	CAUSE_GROWN_UNSURE, /* that is not known */
};

/* What of the machine matters. */
struct cause_machine {
	bool no_zero_page; /* reading new private memory gives a page of its own on this kernel */
	bool swaps;        /* its swap held something at about that time, or that is not known */
};

struct cause_facts {
	const struct region_attr *region; /* NULL: it lies in no known region */
	enum cause_grown grown;
	bool major;
	uint64_t address, ip;
	uint32_t was, now; /* page words; PAGE_UNKNOWN if not known */
	bool between;      /* one of them was not seen, but was inferred from two faults (cause_between) */
	bool replaced; /* something was mapped there since: after the fault the page may have been another */
	uint32_t last; /* what the last fault of the page left, see cause_left; PAGE_UNKNOWN: none known */
	bool forked;   /* the process has forked, or was forked, and the page had no fault since */
	enum cause_others others; /* if forked */
	struct cause_userfault userfault;
	enum cause_moved moved;
	bool whole;    /* it has been watched since it began: no fork went unseen */
	bool along;    /* if it was untouched: a neighbour's fault may have brought it along meanwhile */
	bool discards; /* pages of it have gone that it could touch again: this one may have, too */
	struct cause_machine machine;
	struct cause_reported reported;
	enum fault_access decoded; /* what its instruction does; FAULT_ACCESS_UNKNOWN: not known */
};

struct cause {
	enum fault_cause cause;
	enum fault_access access;
	bool deduced;       /* the page was not seen both before and after: it follows from other facts */
	enum fault_why why; /* of an unknown cause */
	uint32_t was, now;  /* page words; PAGE_UNKNOWN if the access rules out what was known */
};

/* The cause of a fault that the kernel handled. */
struct cause cause_infer(const struct cause_facts *);

/* The page word after a fault of this cause; PAGE_UNKNOWN if the cause does not determine it. */
uint32_t cause_left(const struct event_fault *);

/* A fault that the kernel answered with a signal. */
struct fatal_facts {
	const struct region_attr *region; /* that contains the address; NULL: none */
	const struct region_attr *above;  /* the next one above it; NULL: none */
	uint64_t address, ip;
	int signal, code; /* SIGSEGV or SIGBUS, and its si_code in siginfo_t */
	bool guard;       /* the page has the mark of a guard page */
	struct cause_reported reported;
};
/* The cause of a fault that the kernel answered with a signal. */
struct cause cause_fatal(const struct fatal_facts *);

/* The page between two faults of one thread, if the page is known only before the first and after the second:
 * it was read and then written. PAGE_UNKNOWN if that does not follow. no_zero_page: as in cause_machine. */
uint32_t cause_between(uint32_t was, uint32_t now, bool no_zero_page);

#endif
