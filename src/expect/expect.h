/* An expectation: one line that is true or false of a process's memory.
 *
 *     resident of area = 3 pages
 *     cause of fault at area + 5 pages = zero-fill
 *     faults of function fill since filled <= 10
 *     faults under function fill <= 10
 *     frame of area = frame of area in child
 *     resident of heap at mark filled = 64 pages
 *
 * The language is described in pagescape-lesson(5), EXPECTATIONS. Here are its tree, and the parser that
 * makes it; expect/evaluate.h evaluates it. Pure. */
#ifndef EXPECT_EXPECT_H
#define EXPECT_EXPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "event/event.h"
#include "event/page.h"
#include "expect/value.h"

#define EXPECT_TEXT_MAX 2000 /* bytes of an expectation */
#define EXPECT_CHOICES 8     /* values after `or` */

/* Which pages a figure is about. */
enum expect_place_kind {
	EXPECT_PLACE_EVERYTHING,
	EXPECT_PLACE_REGIONS,  /* by kind, by name, or both */
	EXPECT_PLACE_VARIABLE, /* what a variable is, or points to */
	EXPECT_PLACE_ADDRESS,  /* from an address */
	EXPECT_PLACE_PAGES,    /* some pages of another place */
	EXPECT_PLACE_FUNCTION, /* of faults only */
};

struct expect_term;

struct expect_place {
	enum expect_place_kind kind;
	int region;                    /* enum region_kind, -1: any */
	char *name;                    /* of regions (NULL: any), of the variable, of the function; owned */
	struct expect_term *length;    /* in brackets; NULL: none */
	struct expect_term *address;   /* of EXPECT_PLACE_PAGES: offset into the page; NULL: all of it */
	struct expect_term *from, *to; /* numbers of pages, both included */
	struct expect_place *inner;    /* ... of this */
};

/* The description of one kind of figure: a row of expect/figure.c. */
struct figure;

enum expect_term_kind {
	EXPECT_TERM_NUMBER,
	EXPECT_TERM_TEXT,
	EXPECT_TERM_WORD,
	EXPECT_TERM_VARIABLE, /* its value */
	EXPECT_TERM_JOIN,     /* left op right */
	EXPECT_TERM_FIGURE,
};

/* How a function is related to a fault. */
enum expect_by {
	EXPECT_BY_INNERMOST, /* its instruction touched the page, or it is inlined into the function that did */
	EXPECT_BY_OWN,       /* it is the program's own function that caused it */
	EXPECT_BY_STACK,     /* it is anywhere on the stack */
};

/* Which faults a figure of faults counts. */
struct expect_faults {
	int cause, access; /* -1: any */
	int major;         /* -1: any, 0, 1 */
	char *function;    /* NULL: any; owned */
	enum expect_by by;
	char *since; /* a mark; NULL: the beginning; owned */
};

struct expect_term {
	enum expect_term_kind kind;
	enum value_unit unit; /* the unit that follows it: "pages" */
	int64_t number;       /* in that unit; in bytes for KiB and such */
	char *text;           /* of a text, a word, a variable's name; of a figure as it was written; owned */
	char op;
	struct expect_term *left, *right;
	const struct figure *figure;
	unsigned detail;            /* of the figure: which state, which flag */
	struct expect_place *place; /* NULL: none */
	bool of_fault;              /* of the last fault at that place */
	struct expect_faults faults;
	unsigned child; /* of the n-th child; 0: of the program itself */
	char *mark;     /* at this mark; NULL: at the expectation's own moment; owned */
	bool is_kept;   /* `kept` is its value there; false: not reached yet */
	struct expect_value kept;
};

struct expect {
	char *text; /* as it was written; owned */
	struct expect_term *left;
	enum value_op op;
	struct expect_term *right[EXPECT_CHOICES]; /* one of them must match; for !=, all must */
	size_t rights;
};

/* Parses one expectation, UTF-8. NULL and ERR_INPUT, which says what was expected. */
struct expect *expect_parse(const char *text, struct err *);
void expect_destroy(struct expect *); /* NULL is fine */

/* Parse only a term, and only a place, as lessons have them. A new term, for the caller to end with
 * expect_term_destroy; the text is not needed any more. NULL and ERR_INPUT, as above. */
struct expect_term *expect_parse_term(const char *text, struct err *);
struct expect_place *expect_parse_place(const char *text, struct err *);
void expect_term_destroy(struct expect_term *);
void expect_place_destroy(struct expect_place *);

/* Calls `visit` with each term. */
typedef void expect_visitor(void *context, struct expect_term *);
void expect_visit(struct expect *, expect_visitor *visit, void *context);
void expect_visit_term(struct expect_term *, expect_visitor *visit, void *context);
void expect_visit_place(struct expect_place *, expect_visitor *visit, void *context);
/* The variable that a term consists of, as a value or as its place; NULL: none. */
const char *expect_variable_name(const struct expect_term *);

#endif
