/* The figures of expectations, by name: one row each, and the number of pages in each state. */
#ifndef EXPECT_FIGURE_H
#define EXPECT_FIGURE_H

#include <stdbool.h>
#include <stddef.h>

#include "event/page.h"
#include "expect/value.h"

enum figure_id {
	FIGURE_STATE_COUNT, /* pages in a state, which is the term's `detail` */
	FIGURE_RESIDENT,
	FIGURE_PAGES,
	FIGURE_FLAG_COUNT, /* pages with the flag `detail` */
	FIGURE_REGIONS,
	FIGURE_SIZE,
	FIGURE_FAULTS,
	FIGURE_STATE,
	FIGURE_KIND,
	FIGURE_CAUSE,
	FIGURE_ACCESS,
	FIGURE_FUNCTION,
	FIGURE_FRAME,
	FIGURE_MAPPINGS,
	FIGURE_BYTE,
	FIGURE_START,
	FIGURE_END,
	FIGURE_OFFSET,
	FIGURE_INODE,
	FIGURE_RIGHTS,
	FIGURE_PATH,
	FIGURE_NAME,
	FIGURE_OUTPUT,
	FIGURE_STATUS,
	FIGURE_SIGNAL,
	FIGURE_EXIT,
	FIGURE_THREADS,
	FIGURE_CHILDREN,
	FIGURE_PAGE_SIZE,
};

/* What follows `of`. */
enum figure_about {
	FIGURE_ABOUT_NOTHING, /* of the process, and still known when it has ended */
	FIGURE_ABOUT_PROCESS, /* only while the process is there */
	FIGURE_ABOUT_PAGES,   /* a place; none: everything */
	FIGURE_ABOUT_FAULTS,  /* the same, or a function; and which faults */
	FIGURE_ABOUT_ADDRESS, /* the beginning of a place: needed */
};

struct figure {
	const char *name; /* NULL: the word of a state */
	enum figure_id id;
	enum value_kind kind;
	enum value_unit unit;
	enum figure_about about;
	unsigned detail; /* FIGURE_FLAG_COUNT: the flag; FIGURE_FAULTS: 0 all, 1 minor, 2 major */
	bool fault;      /* may be used with `of fault at` */
};

/* The figure of that name (length bytes) and its detail (may be NULL); NULL: there is none. */
const struct figure *figure_find(const char *name, size_t length, unsigned *detail);
const struct figure *figure_of(enum figure_id);
/* The number of a word among the figure's possible values: for a cause or an access, its value in the enum,
 * with "none" after the last; for a signal, which may be any name, 0. -1: it is not a possible value; those
 * that are get appended to others (may be NULL). */
int figure_word(const struct figure *, bool of_fault, const char *word, struct strbuf *others);

#endif
