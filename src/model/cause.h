/* Why a page fault happened, and by what access: inferred from the page before and after,
 * its region, and whether a disk was waited for; the access is inferred where the kernel
 * does not report it. What cannot be inferred is left unknown. */
#ifndef MODEL_CAUSE_H
#define MODEL_CAUSE_H

#include "event/event.h"

struct cause_facts {
	const struct region_attr *region; /* NULL: in none that is known */
	bool grown;                       /* the region held the address only after the fault */
	bool major;
	uint64_t address, ip;
	uint32_t was, now; /* page words; PAGE_UNKNOWN where not known */
	bool forked;       /* the process has forked, and the page had no fault since */
	bool has_access;   /* the kernel reported: */
	enum fault_access access;
	bool present; /* the page was there, but not for this access */
};

struct cause {
	enum fault_cause cause;
	enum fault_access access;
};

struct cause cause_infer(const struct cause_facts *);

/* Of a fatal fault. */
struct fatal_facts {
	const struct region_attr *region; /* that holds the address; NULL: none */
	const struct region_attr *above;  /* the next one above it; NULL: none */
	uint64_t address, ip;
	int signal, code; /* SIGSEGV or SIGBUS, and what siginfo_t's si_code says of it */
	bool guard;       /* the page has the mark of a guard page */
	bool has_access;  /* the kernel reported: */
	enum fault_access access;
};
struct cause cause_fatal(const struct fatal_facts *);

/* The page between two faults of one thread, when only what was before both and after both
 * is known: a page that was read and then written. PAGE_UNKNOWN where that is not known. */
uint32_t cause_between(uint32_t was, uint32_t now);

#endif
