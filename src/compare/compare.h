/* Compares two address spaces that need not belong to one process: two runs of a program, two moments, a
 * parent and its child. By region, by state, by page.
 *
 * If both have the same layout (the same program at the same addresses), an address means the same in both.
 * Otherwise regions are matched by what they are: kind, file and offset in it, rights, name, order among
 * equals. What then differs only by chance is kept apart from what really differs, see enum compare_chance.
 *
 * `cached` and `reserved` count as one, because the process does not decide what the page cache holds. Flags
 * are not compared. compare/diff.h is faster for two looks at one process, because it matches regions by
 * id. */
#ifndef COMPARE_COMPARE_H
#define COMPARE_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "compare/match.h"
#include "model/space.h"

/* Why pages can differ though both processes did the same. */
enum compare_chance {
	COMPARE_REAL,    /* not by chance: one did what the other did not do */
	COMPARE_AROUND,  /* a fault on a file's page brings its neighbours in a window that is
			 * aligned by address, and the address is random */
	COMPARE_STACK,   /* the stack begins up to 8 KiB lower, at random */
	COMPARE_CACHE,   /* in the page cache, or not */
	COMPARE_UNKNOWN, /* unknown on one side */
	COMPARE_CHANCES,
};
/* "fault_around": as in JSON, never translated. */
const char *compare_chance_name(enum compare_chance);
/* What this leaves out of the comparison, one translated line. */
const char *compare_chance_meaning(enum compare_chance);

enum compare_attr {
	COMPARE_SIZE = 1,
	COMPARE_PERMS = 2,
	COMPARE_KIND = 4,
};

struct compare_region {
	const struct region *a, *b; /* one may be NULL: new, or gone. Owned by the spaces. */
	uint64_t ahead;             /* page of b that corresponds to page p of a: p + ahead, modulo 2^64 */
	enum match_by by;           /* what says that they are the same thing */
	unsigned attrs;             /* enum compare_attr that differ */
	uint64_t pages[COMPARE_CHANCES];             /* pages that differ, by enum compare_chance */
	uint64_t was[PAGE_STATES], now[PAGE_STATES]; /* census of each side */
};

struct comparison {
	const struct space *a, *b;
	bool same_layout;
	bool all;                       /* everything counts as real, except what is unknown on one side */
	struct compare_region *regions; /* all, by address in b, or in a if it is not in b */
	size_t count;
	size_t differing; /* regions in which something really differs */
	uint64_t pages[COMPARE_CHANCES];
	uint64_t moves[PAGE_STATES][PAGE_STATES]; /* pages that really differ, by state in a and in b */
	uint64_t was[PAGE_STATES], now[PAGE_STATES];
};

/* Fills c, which need not be initialised; both spaces must live longer. Page sizes must be equal. */
void compare_spaces(struct comparison *c, const struct space *a, const struct space *b, bool all);
void compare_fini(struct comparison *);

/* Does the region really differ? */
bool compare_differs(const struct compare_region *);

/* A range of pages that differ, all in the same way. */
struct compare_run {
	/* in pages, from the region's beginning in b; in a if it is not in b, or the pages are in a alone */
	uint64_t offset;
	uint64_t a_page, b_page;
	uint64_t pages;
	enum page_state was, now; /* PAGE_NONE: not there */
	enum compare_chance chance;
};
/* Calls `take` for each range that differs, by address. */
void compare_each_run(const struct comparison *, const struct compare_region *,
		      void (*take)(void *context, const struct compare_run *), void *context);

#endif
