/* Which pages a run of a program needed: those that it touched, as far as its faults show, and apart from
 * these the pages that came in with a neighbour or were there already.
 *
 * A mapped page does not fault, so it is not known whether a page that came in with another, or was there
 * already, was touched later. So such a page counts neither as needed nor as not needed.
 *
 * Pages are identified by what is the same in two runs: in a file the offset; in the heap and in bss the
 * distance from the beginning. Other memory cannot be identified (where a stack begins is random to the
 * byte): its faults are only counted. */
#ifndef COMPARE_TOUCHED_H
#define COMPARE_TOUCHED_H

#include "base/hash.h"
#include "base/texts.h"
#include "model/own_code.h"
#include "model/world.h"

/* What is known about a page, in ascending order. */
enum touched_how {
	TOUCHED_THERE, /* in memory when the watch began, or came without a fault that was seen */
	TOUCHED_ALONG, /* with a neighbour's fault */
	TOUCHED_FAULT, /* it was touched */
};
/* "there", "along", "touched": as in CSV and JSON, never translated. */
const char *touched_how_name(enum touched_how);

/* Who touched it first. Texts are numbers in struct touched's `texts`; 0: not known. */
struct touched_who {
	int32_t pid, tid;
	uint32_t function, source, own; /* innermost; of own code; printable */
	bool major;
	enum fault_access access;
};

struct touched_page {
	uint64_t page;    /* position in its object: see above */
	uint64_t time_ns; /* of its first touch; else since when it is known to be there */
	enum touched_how how;
	struct touched_who who; /* of a page that came in with a neighbour: who touched that neighbour */
};

/* Something that has pages: a file, the heap, ... */
struct touched_object {
	enum region_kind kind; /* for a file, that of its first region */
	char *path;            /* raw, owned; for a bss, that of its file; "": none */
	bool named;            /* its pages can be identified */
	struct touched_page *pages;
	size_t count, cap;
	struct hash hash;                 /* of pages: index + 1 */
	uint64_t hows[TOUCHED_FAULT + 1]; /* how many pages there are of each */
};

struct touched {
	struct touched_object *objects; /* in the order in which they came */
	size_t count, cap;
	struct texts texts;    /* printable; the first is "" */
	struct hash by_object; /* index + 1 */
	uint64_t page_size;    /* 0: nothing yet */
	/* the caller's, set before the first event */
	int32_t pid;           /* only of this process; 0: of all */
	const char *own;       /* as own_code_at's `paths` */
	own_code_names *names; /* NULL: the process's own */
	void *context;         /* of names */
};

/* Takes an event before the world does. The struct starts from zeroes, except for the caller's fields. */
void touched_take(struct touched *, const struct world *, const struct event *);
void touched_fini(struct touched *);
const struct touched_page *touched_find(const struct touched_object *, uint64_t page); /* or NULL */
/* The same object in another run; NULL: there is none. */
const struct touched_object *touched_same(const struct touched *, const struct touched_object *);

/* How much two runs agree on one object. */
struct touched_alike {
	const struct touched_object *a, *b; /* one may be NULL */
	uint64_t either;                    /* pages that at least one of them touched */
	uint64_t both;                      /* of these, those that were in memory in both */
	uint64_t only_a, only_b; /* touched by one, and never in the other's memory: either - both */
};
/* Compares the same object of two runs; one may be NULL. It must be `named`. */
struct touched_alike touched_compare(const struct touched_object *a, const struct touched_object *b);

#endif
