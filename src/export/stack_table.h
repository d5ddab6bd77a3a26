/* Faults by stack, for formats that have stacks as lists of numbers: functions, locations in them and stacks
 * of locations, each kept once.
 *
 * A stack is outermost first. Its outermost locations may be ones that are not code: the requested top level,
 * and "[no stack]" or "[cut: sample]" if the stack is not whole. */
#ifndef EXPORT_STACK_TABLE_H
#define EXPORT_STACK_TABLE_H

#include "base/hash.h"
#include "base/strbuf.h"
#include "base/texts.h"
#include "export/exporter.h"

/* Names are printable and owned. */
struct table_function {
	char *name;   /* "fill", "[libc.so.6]" for code of it without a name */
	char *source; /* the source file; "" where it is not known */
};

struct table_line {
	uint32_t function; /* its index */
	uint32_t line;     /* of the source; 0: not known */
};

struct table_location {
	uint64_t ip;           /* 0: no code */
	uint32_t object;       /* the mapped file, an index of `objects` */
	uint32_t first, count; /* its lines, innermost first: all but the last were inlined */
	uint32_t image;        /* which program of which process it belongs to */
	/* the region that holds the code, and its offset in the file; 0: none */
	uint64_t start, end, offset;
};

struct table_sum {
	uint32_t process;    /* index of `processes` */
	uint32_t region;     /* touched: index of `objects` */
	size_t first, count; /* its locations, outermost first, in `ids` */
	uint64_t minor, major, pages;
};

struct table_process {
	int32_t pid;
	char *name;
	uint64_t page_size;
	uint32_t exe; /* its executable, an index of `objects`; 0: not known */
};

/* A list that grows, with a hash of index + 1 if entries are looked up. */
#define STACK_TABLE_LIST(type)                                                                               \
	struct {                                                                                             \
		type *list;                                                                                  \
		size_t count, cap;                                                                           \
		struct hash hash;                                                                            \
	}

struct stack_table {
	STACK_TABLE_LIST(struct table_function) functions;
	STACK_TABLE_LIST(struct table_line) lines;
	STACK_TABLE_LIST(struct table_location) locations;
	STACK_TABLE_LIST(struct table_sum) sums;
	STACK_TABLE_LIST(struct table_process) processes;
	struct texts objects;           /* names of files and regions; the first is "" */
	STACK_TABLE_LIST(uint32_t) ids; /* of locations: stack after stack */
	struct strbuf text;
};

/* An empty table. */
void stack_table_init(struct stack_table *);
/* Counts a fault; takes no other event. */
void stack_table_add(struct stack_table *, const struct export_job *, const struct event *);
void stack_table_fini(struct stack_table *);

/* "[heap]", "libc.so.6", "anon": what a region is called as a top level; raw. "[no region]" for NULL. */
const char *stack_table_region(const struct region *);

#endif
